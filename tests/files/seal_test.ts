import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { z } from "zod";
import { parseOwnJson } from "../../lib/data/own_json.ts";
import { fileHash, hashesBelow, requireFiles, sealed, unsealed, writeSealed } from "../../lib/files/seal.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";

Deno.test("a sealed object comes back as JSON has it; one without a seal as it is", () => {
  const value = { a: 1, none: undefined, low: -Infinity, list: [1, { b: "ä" }] };
  assertEquals(unsealed(JSON.parse(JSON.stringify(sealed(value)))), {
    a: 1,
    low: null,
    list: [1, { b: "ä" }],
  });
  for (const plain of [{ a: 1 }, [1], "text", 3, null]) assertEquals(unsealed(plain), plain);
});

Deno.test("whichever bit of a sealed file is turned over, it says the same or is refused", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.json"), value = { current: { checkpoint: 3 }, seconds: 41.5 };
    const schema = z.strictObject({ current: z.record(z.string(), z.number()), seconds: z.number() });
    await writeSealed(path, value);
    const bytes = await Deno.readFile(path);
    let refused = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const copy = bytes.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      try {
        assertEquals(parseOwnJson(new TextDecoder().decode(copy), { schema, path, action: "read" }), value);
      } catch (error) {
        if (!(error as Error).message.startsWith("Cannot read: a.json is damaged: ")) throw error;
        refused++;
      }
    }
    // What is left are spaces that became other spaces.
    assertEquals(refused > 0.95 * 8 * bytes.length, true, `${refused} of ${8 * bytes.length}`);
  }));

Deno.test("the seal is of the content, and not of the order of its keys", () => {
  const { sha256 } = sealed({ a: 1, b: 2 });
  assertEquals(sealed({ b: 2, a: 1 }).sha256, sha256);
  assertThrows(() => unsealed({ a: 1, b: 3, sha256 }), Error, "checksum is that of something else");
});

Deno.test("files of a folder are known by their checksums", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "b"));
    await Deno.writeTextFile(join(folder, "b", "c.txt"), "abc");
    await Deno.writeTextFile(join(folder, "a.txt"), "");
    const hashes = await hashesBelow(folder);
    // As `printf abc | sha256sum` says.
    assertEquals(hashes, {
      "a.txt": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "b/c.txt": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    assertEquals(await fileHash(join(folder, "b/c.txt")), hashes["b/c.txt"]);
    await requireFiles(folder, hashes);
    await Deno.writeTextFile(join(folder, "b", "c.txt"), "abd");
    await assertRejects(
      () => requireFiles(folder, hashes),
      Error,
      `is not what was written (${join(folder, "b/c.txt")})`,
    );
    await Deno.remove(join(folder, "b", "c.txt"));
    await assertRejects(() => requireFiles(folder, hashes), Error, `is missing (${join(folder, "b/c.txt")})`);
    assertEquals(await hashesBelow(join(folder, "none")), {});
  }));
