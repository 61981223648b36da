/**
 * Text of DICOM files in other alphabets, where dcmjs 0.52 reads it wrongly or not at all.
 *
 * @module
 */
import dcmjs from "dcmjs";

interface TextStream {
  decoder: TextDecoder;
  setDecoder(decoder: TextDecoder): void;
}

let mended = false;

/** Items of sequences are read in the file's character set, as the rest of it (dcmjs#503). */
export function mendNestedText(): void {
  if (mended) return;
  mended = true;
  const stream = dcmjs.data.ReadBufferStream.prototype;
  const more: (this: TextStream, length: number) => TextStream = stream.more;
  stream.more = function (this: TextStream, length: number): TextStream {
    const part = more.call(this, length);
    part.setDecoder(this.decoder);
    return part;
  };
}

/** SpecificCharacterSet (0008,0005) of type CS, little-endian. */
const ELEMENT = [0x08, 0x00, 0x05, 0x00, 0x43, 0x53];

/** It stands behind the few fields of the file's own header. */
const LATEST = 4096;

/**
 * Leaves one of several character sets, which dcmjs refuses: of `\ISO 2022 IR 87`, ASCII and Japanese, the second, whose decoder reads
 * both.
 *
 * @param bytes Of the file; changed in place.
 */
export function leaveOneCharacterSet(bytes: Uint8Array): void {
  for (let at = 132; at < Math.min(LATEST, bytes.length - 8); at++) {
    if (!ELEMENT.every((byte, index) => bytes[at + index] === byte)) continue;
    const length = bytes[at + 6]! | bytes[at + 7]! << 8, value = bytes.subarray(at + 8, at + 8 + length);
    const sets = new TextDecoder("latin1").decode(value).split("\\").map((set) => set.trim());
    if (sets.length === 1) return;
    const one = sets.slice(1).find((set) => set !== "") ?? "";
    value.set(new TextEncoder().encode(one.padEnd(length)));
    return;
  }
}
