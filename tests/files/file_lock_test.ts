import { assertEquals } from "@std/assert";
import { isLocked, tryLock } from "../../lib/files/file_lock.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("a lock that others just look at is taken, however long they look", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lock`;
    await Deno.writeTextFile(path, "");
    const looking = await Promise.all([Deno.open(path), Deno.open(path)]);
    for (const file of looking) assertEquals(await file.tryLock(false), true);
    const taken = tryLock(path);
    // Had it given up, it would have by now or later: the lock is not free before.
    await Promise.race([taken, new Promise((done) => setTimeout(done, 50))]);
    for (const file of looking) file.close();
    const lock = await taken;
    assertEquals([lock?.held, await isLocked(path)], [true, true]);
    lock!.release();
    assertEquals(await isLocked(path), false);
  }));

Deno.test("a lock that is held is refused, also while others look at it and want it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lock`;
    const lock = await tryLock(path);
    const refused = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, k) =>
          k % 2 === 0 ? await isLocked(path) : await tryLock(path, { takeOver: false }) === undefined,
      ),
    );
    assertEquals(refused.filter((told) => !told), []);
    assertEquals(lock?.held, true);
    lock!.release();
  }));

Deno.test("of many that want a free lock at once, and as many that look at it, one gets it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lock`;
    await Deno.writeTextFile(path, "");
    const wanting = Array.from({ length: 10 }, () => tryLock(path, { takeOver: false }));
    const looking = Array.from({ length: 10 }, () => isLocked(path));
    await Promise.all(looking);
    const locks = (await Promise.all(wanting)).filter((lock) => lock !== undefined);
    assertEquals(locks.map(({ held }) => held), [true]);
    locks[0]!.release();
  }));
