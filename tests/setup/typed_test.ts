import { assertEquals } from "@std/assert";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { launcherPath, shellWord, typed } from "../../lib/setup/typed.ts";

function withPath<T>(path: string, work: () => T): T {
  const before = Deno.env.get("PATH")!;
  Deno.env.set("PATH", path);
  try {
    return work();
  } finally {
    Deno.env.set("PATH", before);
  }
}

Deno.test("advice is the launcher where this project's is found, else npx", async () => {
  const npx = "npx -y deno@2.8.1 task -q run mutual";
  const bin = `${projectRoot}/.venv/bin`;
  assertEquals(withPath("/usr/bin:/bin", () => typed("run mutual")), npx);
  assertEquals(withPath(`/usr/bin:${bin}`, () => typed("run mutual")), "consilium run mutual");
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/consilium`, "another project's");
  assertEquals(withPath(`${folder}:${bin}`, () => typed("run mutual")), npx);
  await Deno.remove(`${folder}/consilium`);
  await Deno.symlink(launcherPath(), `${folder}/consilium`);
  assertEquals(withPath(folder, () => typed("run mutual")), "consilium run mutual");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("words are quoted where a shell would read them otherwise", () => {
  assertEquals(
    ["seed=2", "a b", "it's", "$HOME", "/data/x-1.nii.gz", "ü"].map(shellWord),
    ["seed=2", "'a b'", "'it'\\''s'", "'$HOME'", "/data/x-1.nii.gz", "'ü'"],
  );
});
