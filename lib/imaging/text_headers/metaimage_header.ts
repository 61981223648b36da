/**
 * MetaImage's header (.mha with its voxels, .mhd beside them), as ITK reads it: in LPS+, mm.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { ScanError } from "../scan_error.ts";
import type { StoredTypeName } from "../stored_voxels.ts";
import { type DescribedImage, type HeaderText, readHeaderText } from "./described_image.ts";
import {
  affineOf,
  type HeaderFields,
  LPS_TO_RAS,
  numbersOf,
  shapeOfSizes,
  wantedField,
} from "./header_fields.ts";

/** `MET_LONG` has 4 bytes in every file, whatever the machine's `long` was. */
const TYPES: Record<string, StoredTypeName> = {
  MET_CHAR: "int8",
  MET_UCHAR: "uint8",
  MET_SHORT: "int16",
  MET_USHORT: "uint16",
  MET_INT: "int32",
  MET_UINT: "uint32",
  MET_LONG: "int32",
  MET_ULONG: "uint32",
  MET_LONG_LONG: "int64",
  MET_ULONG_LONG: "uint64",
  MET_FLOAT: "float32",
  MET_DOUBLE: "float64",
};

/** @throws ScanError as `readHeaderText`; of what is contradictory or cannot be read as one 3D volume */
export async function readMetaImageHeader(path: string): Promise<DescribedImage> {
  const header = await readHeaderText(path, endOfHeader);
  const fields = fieldsOf(header, path);
  const axes = numbersOf(wantedField(fields, "NDims", path), { name: "NDims", count: 1, path })[0]!;
  const sizes = numbersOf(wantedField(fields, "DimSize", path), { name: "DimSize", count: axes, path });
  // A fourth axis of one volume is none.
  const shape = shapeOfSizes(sizes.slice(3).every((size) => size === 1) ? sizes.slice(0, 3) : sizes, path);
  const channels = fields.get("ElementNumberOfChannels") ?? "1";
  if (Number(channels) !== 1) {
    throw new ScanError("rgb", `wanted one number a voxel, found ${channels} channels`, { path });
  }
  const type = wantedField(fields, "ElementType", path), datatype = TYPES[type];
  if (!datatype) {
    throw new ScanError("datatype", `wanted one real number a voxel, found ElementType ${type}`, { path });
  }
  if (fields.has("BinaryData") && !isTrue(fields, "BinaryData")) {
    throw new ScanError("format", "wanted voxels as bytes, found BinaryData = False: text", { path });
  }
  const compressed = isTrue(fields, "CompressedData");
  return {
    path,
    ...whereVoxelsAre(fields, { header, compressed, path }),
    compressed,
    datatype,
    endian: isTrue(fields, "BinaryDataByteOrderMSB") || isTrue(fields, "ElementByteOrderMSB")
      ? "big"
      : "little",
    shape,
    ...placeOf(fields, { axes, path }),
  };
}

/** The header's last field says where the voxels are. */
function endOfHeader(text: string, whole: boolean): number | undefined {
  const last = /^ElementDataFile\s*=[^\n]*(\n|$)/m.exec(text);
  return last && (last[1] === "\n" || whole) ? last.index + last[0].length : undefined;
}

function fieldsOf({ lines }: HeaderText, path: string): HeaderFields {
  const fields = new Map<string, string>();
  for (const line of lines.filter((line) => line.trim() !== "")) {
    const at = line.indexOf("=");
    if (at < 0) {
      throw new ScanError("header", `wanted "name = value", found ${JSON.stringify(line)}`, { path });
    }
    fields.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return fields;
}

const isTrue = (fields: HeaderFields, name: string) => /^(t|true|1)$/i.test(fields.get(name) ?? "");

function whereVoxelsAre(
  fields: HeaderFields,
  { header, compressed, path }: { header: HeaderText; compressed: boolean; path: string },
): Pick<DescribedImage, "dataPath" | "start"> {
  const file = wantedField(fields, "ElementDataFile", path);
  if (/^local$/i.test(file)) return { dataPath: path, start: header.end };
  if (/^list\b|%/i.test(file)) {
    throw new ScanError("format", `wanted all voxels in one file, found ElementDataFile = ${file}`, { path });
  }
  const skipped = Number(fields.get("HeaderSize") ?? 0);
  if (!Number.isInteger(skipped) || skipped < -1 || (skipped === -1 && compressed)) {
    throw new ScanError("header", `wanted a number of bytes as HeaderSize, found ${skipped}`, { path });
  }
  return { dataPath: join(dirname(path), file), start: skipped === -1 ? "last" : skipped };
}

function placeOf(
  fields: HeaderFields,
  { axes, path }: { axes: number; path: string },
): Pick<DescribedImage, "affine" | "notes"> {
  const found = (names: string[], count: number) => {
    const name = names.find((name) => fields.has(name));
    return name === undefined ? undefined : numbersOf(fields.get(name)!, { name, count, path });
  };
  const spacing = found(["ElementSpacing", "ElementSize"], axes);
  const directions = found(["TransformMatrix", "Rotation", "Orientation"], axes * axes);
  const origin = found(["Offset", "Position", "Origin"], axes);
  const notes = [
    ...spacing ? [] : ["its header says no ElementSpacing: voxels of 1 mm are taken"],
    ...directions ? [] : ["its header says no orientation: left and right are a guess"],
  ];
  // The direction of each axis of the grid is a row of the file's matrix.
  const steps = [0, 1, 2].map((axis) =>
    [0, 1, 2].map((row) => (directions?.[axis * axes + row] ?? Number(row === axis)) * (spacing?.[axis] ?? 1))
  );
  return { affine: affineOf(steps, origin ?? [0, 0, 0], LPS_TO_RAS), notes };
}
