import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { requireLocks, type RequireLocksOptions } from "../../../lib/runs/sweeps/require_locks.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

/** A lock as of a file system without any: whoever asks for it gets it. */
const takeNothing = () => Promise.resolve({ release: () => {} });

Deno.test("locks hold on this file system: it takes well under a second, and leaves nothing", () =>
  withFolder(async (root) => {
    const folder = join(root, "it's my\nresults");
    const begun = performance.now();
    await requireLocks(folder, { shared: true });
    const seconds = (performance.now() - begun) / 1000;
    assert(seconds < 5, `${seconds} s, on a busy machine, too`);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("a folder that cannot be made is said as such, and not as one without locks", () =>
  withFolder(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    await assertRejects(() => requireLocks(join(root, "file/results")), Error, "Cannot keep results: ");
  }));

const nfs = "22 1 0:5 / / rw - nfs server:/ rw,nolock\n";
const cases: [title: string, options: RequireLocksOptions, problem: string][] = [
  [
    "a lock that never excludes: another process gets it, too",
    { take: takeNothing },
    "two processes got the same one at once",
  ],
  [
    "a file system that refuses all locks",
    { take: () => Promise.reject(new Error("No locks available (os error 37)")) },
    "there is none: No locks available (os error 37)",
  ],
  [
    "locks that other machines do not know of, where those work, too",
    { shared: true, tryElsewhere: () => Promise.resolve({ taken: false, mounts: nfs }) },
    "other machines do not know of those taken here: it is nfs mounted with nolock",
  ],
];
for (const [title, options, problem] of cases) {
  Deno.test(`refused: ${title}`, () =>
    withFolder(async (folder) => {
      const { message } = await assertRejects(() => requireLocks(folder, options), Error, problem);
      assert(
        message.includes(`(${folder}). Mount that file system with locks, or have CONSILIUM_RESULTS`),
        message,
      );
      assertEquals([...Deno.readDirSync(folder)], []);
    }));
}

Deno.test("locks of this machine alone are enough for it alone", () =>
  withFolder((folder) =>
    requireLocks(folder, { tryElsewhere: () => Promise.resolve({ taken: false, mounts: nfs }) })
  ));
