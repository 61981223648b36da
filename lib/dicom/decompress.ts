/**
 * Compressed pixels of one frame, by Cornerstone's codecs.
 *
 * @module
 */
import openJpeg from "@cornerstonejs/codec-openjpeg/decode";
import codec from "@cornerstonejs/dicom-codec";

export interface CompressedFormat {
  rows: number;
  columns: number;
  /** Bits of a decompressed pixel. */
  allocated: number;
  signed: boolean;
  transferSyntax: string;
}

const JPEG_2000 = ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"];

/** OpenJPEG's remarks: the last one says why it failed. */
let lastRemark = "";
const openJpegModule = openJpeg({ print() {}, printErr: (text: string) => void (lastRemark = text) });

/** The pixels' bytes, little-endian. @throws Error of a decoder, or where it gives another number of pixels */
export async function decompress(compressed: ArrayBuffer, format: CompressedFormat): Promise<ArrayBuffer> {
  const { rows, columns, allocated, signed, transferSyntax } = format;
  const bytes = new Uint8Array(compressed), wanted = rows * columns * allocated / 8;
  const info = { rows, columns, bitsAllocated: allocated, samplesPerPixel: 1, signed };
  lastRemark = "";
  // Cornerstone's own door to OpenJPEG prints three lines a frame.
  const pixels: Uint8Array = JPEG_2000.includes(transferSyntax)
    ? await jpeg2000(bytes)
    : (await codec.decode(bytes, info, transferSyntax)).imageFrame;
  if (pixels.byteLength !== wanted) {
    throw new Error(`wanted ${wanted} bytes, found ${pixels.byteLength}${lastRemark && `: ${lastRemark}`}`);
  }
  return pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + wanted) as ArrayBuffer;
}

async function jpeg2000(bytes: Uint8Array): Promise<Uint8Array> {
  const { J2KDecoder } = await openJpegModule;
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    // A view of the decoder's memory.
    return decoder.getDecodedBuffer().slice();
  } finally {
    decoder.delete();
  }
}
