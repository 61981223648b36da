/**
 * Which files make up a scan.
 *
 * @module
 */
import { ScanError } from "../scan_error.ts";

/**
 * The header file and the image file of a path: the same one, unless its name says that it is half of a .hdr/.img
 * pair, of which either or both may be gzipped.
 *
 * @throws ScanError `missing`, `missing_image` or `missing_header`.
 */
export async function findNiftiFiles(path: string): Promise<{ headerPath: string; imagePath: string }> {
  const half = /^(.*)\.(hdr|img)(\.gz)?$/i.exec(path);
  if (!half) return { headerPath: path, imagePath: path };
  if (!await isFile(path)) throw new ScanError("missing", "there is no such file", { path });
  const stem = half[1]!, extension = half[2]!, zipped = half[3] ?? "";
  const isHeader = extension.toLowerCase() === "hdr";
  const matchCase = (name: string) => extension === extension.toUpperCase() ? name.toUpperCase() : name;
  const sibling = `${stem}.${matchCase(isHeader ? "img" : "hdr")}`;
  for (const candidate of zipped ? [sibling + zipped, sibling] : [sibling, `${sibling}.gz`]) {
    if (!await isFile(candidate)) continue;
    return isHeader ? { headerPath: path, imagePath: candidate } : { headerPath: candidate, imagePath: path };
  }
  throw new ScanError(
    isHeader ? "missing_image" : "missing_header",
    `wanted its ${isHeader ? "voxels" : "header"} beside it, in ${sibling} or ${sibling}.gz`,
    { path },
  );
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
