/**
 * What a scan's file is known by.
 *
 * @module
 */
import { bytesHash, fileHash } from "../files/seal.ts";
import { filesOfScan } from "./scan_files.ts";

/** SHA-256 of a scan's file in hexadecimal; of a pair's two files together, whichever of them is named. */
export async function hashOfFile(path: string): Promise<string> {
  const [headerPath, imagePath] = await filesOfScan(path) as [string, string?];
  if (imagePath === undefined) return await fileHash(headerPath);
  return bytesHash(await fileHash(headerPath), await fileHash(imagePath));
}

/** SHA-256 of the bytes of the file at a path. */
export type HashFile = (path: string) => Promise<string>;

/** {@linkcode hashOfFile} that reads each file once, however many hashes it is part of. */
export function hashingOnce(): HashFile {
  const known = new Map<string, Promise<string>>();
  return (path) => {
    const hash = known.get(path) ?? hashOfFile(path);
    known.set(path, hash);
    return hash;
  };
}
