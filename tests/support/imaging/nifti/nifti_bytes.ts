/**
 * Files for the tests of reading: written, bent, and cleared away.
 *
 * @module
 */

/** A file that exists as long as its scope: `await using path = await temporaryFile(...)`. */
export async function temporaryFile(
  bytes: Uint8Array,
  suffix: string,
): Promise<AsyncDisposable & { name: string }> {
  const name = await Deno.makeTempFile({ suffix });
  await Deno.writeFile(name, bytes);
  return { name, [Symbol.asyncDispose]: () => Deno.remove(name) };
}

export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function deflate(...parts: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A sound little-endian NIfTI-1 file of 4×3×2 int16 voxels 0…23; `edit` bends its header. */
export function niftiBytes(edit: (view: DataView) => void = () => {}): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(352 + 48));
  view.setInt32(0, 348, true);
  [3, 4, 3, 2, 1, 1, 1, 1].forEach((size, axis) => view.setInt16(40 + 2 * axis, size, true));
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  [1, 0.5, 1, 2, 1, 1, 1, 1].forEach((zoom, axis) => view.setFloat32(76 + 4 * axis, zoom, true));
  view.setFloat32(108, 352, true);
  [..."n+1"].forEach((letter, index) => view.setUint8(344 + index, letter.charCodeAt(0)));
  for (let voxel = 0; voxel < 24; voxel++) view.setInt16(352 + 2 * voxel, voxel, true);
  edit(view);
  return new Uint8Array(view.buffer);
}
