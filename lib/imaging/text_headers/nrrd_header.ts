/**
 * NRRD's header (.nrrd with its voxels, .nhdr beside them): teem.sourceforge.net/nrrd/format.html.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { formatOf } from "../nifti/file_formats.ts";
import { ScanError } from "../scan_error.ts";
import { STORED_TYPES, type StoredTypeName } from "../stored_voxels.ts";
import { type DescribedImage, type HeaderText, readHeaderText } from "./described_image.ts";
import {
  affineOf,
  type HeaderFields,
  LPS_TO_RAS,
  numbersOf,
  requireFinite,
  shapeOfSizes,
  type ToRas,
  wantedField,
} from "./header_fields.ts";

/** Every spelling of the types that are one real number; `longlong` and the like have 8 bytes. */
const TYPES: [StoredTypeName, string[]][] = [
  ["int8", ["signed char", "int8", "int8_t"]],
  ["uint8", ["uchar", "unsigned char", "uint8", "uint8_t"]],
  ["int16", ["short", "short int", "signed short", "signed short int", "int16", "int16_t"]],
  ["uint16", ["ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"]],
  ["int32", ["int", "signed int", "int32", "int32_t"]],
  ["uint32", ["uint", "unsigned int", "uint32", "uint32_t"]],
  ["int64", [
    "longlong",
    "long long",
    "long long int",
    "signed long long",
    "signed long long int",
    "int64",
    "int64_t",
  ]],
  ["uint64", ["ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"]],
  ["float32", ["float"]],
  ["float64", ["double"]],
];

/** Spaces of people, by how they turn to RAS+; others say nothing about left and right. */
const SPACES: Record<string, ToRas> = {
  "left-posterior-superior": LPS_TO_RAS,
  lps: LPS_TO_RAS,
  "right-anterior-superior": [1, 1],
  ras: [1, 1],
  "left-anterior-superior": [-1, 1],
  las: [-1, 1],
};

/** @throws ScanError as `readHeaderText`; of what is contradictory or cannot be read as one 3D volume */
export async function readNrrdHeader(path: string): Promise<DescribedImage> {
  const header = await readHeaderText(path, endOfHeader);
  if (!/^NRRD000[1-9]$/.test(header.lines[0]!)) {
    const found = formatOf(new TextEncoder().encode(header.lines.slice(0, 4).join("\n")));
    throw new ScanError("format", `wanted NRRD, found ${found}`, { path });
  }
  const fields = fieldsOf(header, path);
  const wanted = (name: string) => wantedField(fields, name, path);
  const axes = numbersOf(wanted("dimension"), { name: "dimension", count: 1, path })[0]!;
  const sizes = numbersOf(wanted("sizes"), { name: "sizes", count: axes, path });
  // An axis of length 1 beside three others, which Slicer writes for a layer of segments, is none.
  const spatial = sizes.map((_, axis) => axis).filter((axis) => axes <= 3 || sizes[axis]! !== 1);
  const kept = spatial.length >= 3 ? spatial : sizes.map((_, axis) => axis).slice(-3);
  const type = wanted("type"), datatype = TYPES.find(([, names]) => names.includes(type.toLowerCase()))?.[0];
  if (!datatype) {
    throw new ScanError("datatype", `wanted one real number a voxel, found type ${type}`, { path });
  }
  const encoding = wanted("encoding").toLowerCase();
  if (!["raw", "gzip", "gz"].includes(encoding)) {
    throw new ScanError("format", `wanted raw or gzip encoding, found ${encoding}`, { path });
  }
  const compressed = encoding !== "raw";
  return {
    path,
    ...whereVoxelsAre(fields, { header, compressed, path }),
    compressed,
    datatype,
    endian: endianOf(fields, { oneByte: STORED_TYPES[datatype].bytes === 1, path }),
    shape: shapeOfSizes(kept.map((axis) => sizes[axis]!), path),
    ...placeOf(fields, { axes, kept, path }),
  };
}

/** An empty line; of a header beside its voxels the file's end. */
function endOfHeader(text: string, whole: boolean): number | undefined {
  const empty = /\r?\n\r?\n/.exec(text);
  return empty ? empty.index + empty[0].length : whole ? text.length : undefined;
}

/** Names without spaces, in lower case, as teem takes them; `key:=value` and comments are nobody's. */
function fieldsOf({ lines }: HeaderText, path: string): HeaderFields {
  const fields = new Map<string, string>();
  for (const line of lines.slice(1)) {
    if (line.trim() === "" || line.startsWith("#") || /^[^:]*:=/.test(line)) continue;
    const field = /^([^:]+): ?(.*)$/.exec(line);
    if (!field) {
      throw new ScanError("header", `wanted "field: value", found ${JSON.stringify(line)}`, { path });
    }
    fields.set(field[1]!.toLowerCase().replaceAll(" ", ""), field[2]!.trim());
  }
  return fields;
}

function endianOf(
  fields: HeaderFields,
  { oneByte, path }: { oneByte: boolean; path: string },
): "little" | "big" {
  const endian = oneByte ? "little" : wantedField(fields, "endian", path).toLowerCase();
  if (endian === "little" || endian === "big") return endian;
  throw new ScanError("header", `wanted endian little or big, found ${endian}`, { path });
}

function whereVoxelsAre(
  fields: HeaderFields,
  { header, compressed, path }: { header: HeaderText; compressed: boolean; path: string },
): Pick<DescribedImage, "dataPath" | "start"> {
  const file = fields.get("datafile");
  if (file !== undefined && /^list\b|%/i.test(file)) {
    throw new ScanError("format", `wanted all voxels in one file, found data file: ${file}`, { path });
  }
  const [lines, skipped] = ["lineskip", "byteskip"].map((name) => Number(fields.get(name) ?? 0)) as [
    number,
    number,
  ];
  if (lines !== 0 || !Number.isInteger(skipped) || skipped < -1 || (compressed && skipped !== 0)) {
    const found = `line skip ${lines} and byte skip ${skipped}`;
    throw new ScanError("header", `wanted voxels behind a number of raw bytes, found ${found}`, { path });
  }
  const start = file === undefined ? header.end : 0;
  return {
    dataPath: file === undefined ? path : join(dirname(path), file),
    start: skipped === -1 ? "last" : start + skipped,
  };
}

function placeOf(
  fields: HeaderFields,
  { axes, kept, path }: { axes: number; kept: readonly number[]; path: string },
): Pick<DescribedImage, "affine" | "notes"> {
  const space = fields.get("space")?.toLowerCase(), toRas = SPACES[space ?? ""];
  const notes = toRas ? [] : [
    `its header says no orientation of a person (space: ${space ?? "none"}): left and right are a guess`,
  ];
  const written = fields.get("spacedirections");
  const vectors = written?.match(/none|\([^)]*\)/gi) ?? [];
  if (written !== undefined && vectors.length !== axes) {
    throw new ScanError("header", `wanted ${axes} vectors as "space directions", found ${written}`, { path });
  }
  const vector = (text: string, name: string) =>
    numbersOf(text.replace(/[(),]/g, " "), { name, count: 3, path });
  const spacings = fields.get("spacings")?.split(/\s+/).map(Number);
  if (written === undefined && spacings?.length !== axes) {
    notes.push("its header says neither space directions nor spacings: voxels of 1 mm are taken");
  }
  const steps = kept.map((axis, column) =>
    written === undefined
      ? [0, 1, 2].map((row) => row === column ? spacings?.[axis] ?? 1 : 0)
      : vector(vectors[axis]!, "space directions")
  );
  const origin = fields.get("spaceorigin");
  const affine = affineOf(steps, origin ? vector(origin, "space origin") : [0, 0, 0], toRas ?? LPS_TO_RAS);
  requireFinite(affine, path);
  return { affine, notes };
}
