import { heldMemory } from "../../support/held_memory.ts";
import { assert, assertEquals } from "@std/assert";
import { createRandom, integer } from "../../../lib/data/random.ts";
import { ScanError } from "../../../lib/imaging/scan_error.ts";
import { readNifti } from "../../../lib/imaging/nifti/read_nifti.ts";
import { deflate, niftiBytes, temporaryFile } from "../../support/imaging/nifti/nifti_bytes.ts";

/** What became of reading: "read", or the reason of a refusal. Anything else fails the test. */
async function outcome(bytes: Uint8Array, suffix: string): Promise<string> {
  await using path = await temporaryFile(bytes, suffix);
  try {
    const { data, shape } = await readNifti(path.name);
    assertEquals(data.length, shape.reduce((product, size) => product * size));
    return "read";
  } catch (error) {
    if (!(error instanceof ScanError)) throw new Error(`not a ScanError: ${error}`, { cause: error });
    return error.reason;
  }
}

Deno.test("files cut anywhere are refused", async () => {
  const bytes = niftiBytes();
  const zipped = await deflate(bytes);
  for (let length = 0; length < bytes.length; length += 7) {
    assert(
      ["format", "truncated"].includes(await outcome(bytes.subarray(0, length), ".nii")),
      `${length} bytes`,
    );
  }
  for (let length = 0; length < zipped.length; length += 3) {
    const reason = await outcome(zipped.subarray(0, length), ".nii.gz");
    assert(["format", "truncated", "corrupt"].includes(reason), `${length} gzipped bytes: ${reason}`);
  }
});

Deno.test("headers with random bytes are read or refused by name, at no great cost of memory", async () => {
  const random = createRandom("fuzzed headers");
  const before = heldMemory();
  let most = 0;
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 600; round++) {
    // Half of the files announce extensions, whose chain is bent too.
    const extended = new Uint8Array(432);
    extended.set(niftiBytes((view) => view.setFloat32(108, 384, true)).subarray(0, 352));
    extended[348] = 1;
    extended[352] = 32;
    const bytes = round % 2 ? extended : niftiBytes();
    const changes = integer(random, [1, 6]);
    for (let change = 0; change < changes; change++) {
      bytes[integer(random, [40, bytes.length - 1])] = integer(random, [0, 255]);
    }
    const found = await outcome(round % 3 ? bytes : await deflate(bytes), ".nii");
    outcomes.set(found, (outcomes.get(found) ?? 0) + 1);
    most = Math.max(most, heldMemory() - before);
  }
  assert(outcomes.size >= 6, JSON.stringify([...outcomes]));
  // What is collected when is up to V8.
  assert(most < 300_000_000, `${most} bytes`);
});

Deno.test("gzip data with random bytes are read or refused by name", async () => {
  const random = createRandom("fuzzed gzip");
  const zipped = await deflate(niftiBytes());
  for (let round = 0; round < 200; round++) {
    const bytes = zipped.slice();
    bytes[integer(random, [2, bytes.length - 1])] = integer(random, [0, 255]);
    await outcome(bytes, ".nii.gz");
  }
});
