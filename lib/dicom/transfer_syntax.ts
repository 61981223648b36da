/**
 * How DICOM files encode pixels, and which encodings are read.
 *
 * @module
 */
import { DicomError } from "./dicom_error.ts";

/** UIDs of encodings without compression of pixels (deflated ones are inflated as a whole by dcmjs). */
const RAW: Record<string, "little" | "big"> = {
  "1.2.840.10008.1.2": "little",
  "1.2.840.10008.1.2.1": "little",
  "1.2.840.10008.1.2.1.99": "little",
  "1.2.840.10008.1.2.2": "big",
};

/** Compressed ones that the codecs read, each held against another decoder in tests/dicom. */
const COMPRESSED: Record<string, string> = {
  "1.2.840.10008.1.2.5": "RLE",
  "1.2.840.10008.1.2.4.57": "JPEG lossless",
  "1.2.840.10008.1.2.4.70": "JPEG lossless",
  "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
  "1.2.840.10008.1.2.4.81": "JPEG-LS",
  "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
  "1.2.840.10008.1.2.4.91": "JPEG 2000",
};

/** Byte order of pixels that are not compressed; `compressed` where a codec is wanted. @throws DicomError for another encoding */
export function encodingOf(transferSyntax: string, path: string): "little" | "big" | "compressed" {
  const raw = RAW[transferSyntax];
  if (raw) return raw;
  if (COMPRESSED[transferSyntax]) return "compressed";
  throw new DicomError(
    `pixels must be raw, RLE, JPEG lossless, JPEG-LS or JPEG 2000, the transfer syntax is ${
      transferSyntax || "missing"
    }; decompress with dcmdjpeg or gdcmconv --raw`,
    path,
  );
}
