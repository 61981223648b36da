/**
 * The pixels of a DICOM file, as it stores them.
 *
 * @module
 */
import { type StoredTypeName, storedVoxels } from "../imaging/stored_voxels.ts";
import type { VoxelArray } from "../imaging/volume.ts";
import { DicomError } from "./dicom_error.ts";
import { readDicom } from "./dicom_object.ts";
import { encodingOf } from "./transfer_syntax.ts";

interface PixelFormat {
  rows: number;
  columns: number;
  /** 8, 16 or 32. */
  allocated: number;
  /** Bits that are the value's; those above it are nobody's. */
  stored: number;
  signed: boolean;
}

/** Reads the pixels of every frame of a file. @throws DicomError of what cannot be read, or is fewer than announced */
export async function readFrames(path: string): Promise<VoxelArray[]> {
  const { fields, transferSyntax, pixels = [] } = await readDicom(path, { pixels: true });
  const samples = fields.number("SamplesPerPixel") ?? 1, allocated = fields.wantedNumber("BitsAllocated");
  if (samples !== 1) throw new DicomError(`a pixel must be one number, SamplesPerPixel is ${samples}`, path);
  if (![8, 16, 32].includes(allocated)) {
    throw new DicomError(`BitsAllocated must be 8, 16 or 32, it is ${allocated}`, path);
  }
  const stored = fields.number("BitsStored") ?? allocated, high = fields.number("HighBit") ?? stored - 1;
  if (stored < 1 || stored > allocated || high !== stored - 1) {
    throw new DicomError(
      `pixels must lie in the lowest bits, BitsStored is ${stored} and HighBit ${high} of ${allocated}`,
      path,
    );
  }
  const format: PixelFormat = {
    rows: fields.wantedNumber("Rows"),
    columns: fields.wantedNumber("Columns"),
    allocated,
    stored,
    signed: fields.number("PixelRepresentation") === 1,
  };
  const frames = fields.number("NumberOfFrames") ?? 1;
  const encoding = encodingOf(transferSyntax, path);
  if (encoding !== "compressed") {
    return rawFrames(pixels, { format, frames, endian: encoding, path });
  }
  if (pixels.length !== frames) {
    throw new DicomError(
      `each frame must be one item of compressed pixels, there are ${pixels.length} of ${frames} frames`,
      path,
    );
  }
  const decoded: VoxelArray[] = [];
  for (const bytes of pixels) decoded.push(await decompressed(bytes, { format, transferSyntax, path }));
  return decoded;
}

const typeOf = ({ allocated, signed }: PixelFormat) =>
  `${signed ? "" : "u"}int${allocated}` as StoredTypeName;

function rawFrames(
  pixels: readonly ArrayBuffer[],
  { format, frames, endian, path }: {
    format: PixelFormat;
    frames: number;
    endian: "little" | "big";
    path: string;
  },
): VoxelArray[] {
  const bytes = format.rows * format.columns * format.allocated / 8;
  const present = pixels[0]?.byteLength ?? 0;
  if (present < bytes * frames) {
    throw new DicomError(`PixelData must have ${bytes * frames} bytes, it has ${present}`, path);
  }
  return Array.from({ length: frames }, (_, frame) => {
    const own = pixels[0]!.slice(frame * bytes, (frame + 1) * bytes);
    return inTheirBits(storedVoxels(own, { datatype: typeOf(format), endian }), format);
  });
}

/** Bits above the stored ones may hold overlays: they are taken away, and the sign goes through them. */
function inTheirBits(values: VoxelArray, { allocated, stored, signed }: PixelFormat): VoxelArray {
  if (stored === allocated) return values;
  const unused = 32 - stored;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const shifted = values[pixel]! << unused;
    values[pixel] = signed ? shifted >> unused : shifted >>> unused;
  }
  return values;
}

async function decompressed(
  bytes: ArrayBuffer,
  { format, transferSyntax, path }: { format: PixelFormat; transferSyntax: string; path: string },
): Promise<VoxelArray> {
  const { rows, columns, allocated, signed } = format;
  // Decoders of WebAssembly take a moment to load: most files need none.
  const { decompress } = await import("./decompress.ts");
  try {
    const own = await decompress(bytes, { rows, columns, allocated, signed, transferSyntax });
    return inTheirBits(storedVoxels(own, { datatype: typeOf(format), endian: "little" }), format);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DicomError(`its pixels (${transferSyntax}) do not decompress: ${reason}`, path, {
      cause: error,
    });
  }
}
