/** What a shared library asks of the dynamic linker. */

const SHT_DYNAMIC = 6;
const tags: Record<number, string> = { 1: "NEEDED", 15: "RPATH", 29: "RUNPATH" };

/** Entries of the dynamic section of an ELF file of 64 bits, little-endian, such as `["NEEDED", "libc.so.6"]`. */
export async function dynamicSection(path: string): Promise<[tag: string, value: string][]> {
  const bytes = await Deno.readFile(path);
  const view = new DataView(bytes.buffer);
  const number = (offset: number) => Number(view.getBigUint64(offset, true));
  // Of a section's header: type at 4, offset 24, size 32, index of the section with its texts 40.
  const header = (index: number) => number(0x28) + index * view.getUint16(0x3a, true);
  const count = view.getUint16(0x3c, true);
  const dynamic = Array.from({ length: count }, (_, index) => header(index))
    .find((start) => view.getUint32(start + 4, true) === SHT_DYNAMIC)!;
  const texts = number(header(view.getUint32(dynamic + 40, true)) + 24);
  const entries: [string, string][] = [];
  for (let at = number(dynamic + 24); at < number(dynamic + 24) + number(dynamic + 32); at += 16) {
    const tag = tags[number(at)];
    if (!tag) continue;
    const start = texts + number(at + 8);
    entries.push([tag, new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(0, start)))]);
  }
  return entries;
}
