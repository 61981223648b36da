/** Readers of clinics' files and of other programs' scans. */
import { join } from "@std/path";
import { canonicalJson } from "../../../lib/files/content_hash.ts";
import { bytesHash } from "../../../lib/files/seal.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { importDicom } from "../../../lib/workbench/import/import_dicom.ts";
import { dicomFixture, writeFiles } from "../../support/dicom/dicom_fixture.ts";
import type { Form } from "../mutations.ts";
import type { Target } from "../target.ts";

async function digestOf(path: string): Promise<string> {
  const { shape, affine, data } = await loadScan(path);
  const voxels = shape.reduce((product, size) => product * size, 1);
  if (voxels !== data.length || affine.flat().some((value) => !Number.isFinite(value))) return "impossible";
  return bytesHash(canonicalJson([shape, affine, [...data].map(String)]));
}

/** Voxels are letters, so that damage to lines leaves the rest of the file as it is. */
function textHeader(name: string, { file, lines }: { file: string; lines: string[] }): Target {
  return {
    name,
    owes: "foreign",
    async prepare(folder) {
      const path = join(folder, file);
      await Deno.writeTextFile(path, [...lines, "abcdefghijklmnopqrstuvwx"].join("\n"));
      return { files: [{ path, form: "text" }], read: () => digestOf(path) };
    },
  };
}

/** One file of a folder is damaged; the others are whole. */
function dicom(name: string, { fixture, file }: { fixture: string; file: string }): Target {
  return {
    name,
    owes: "foreign",
    async prepare(folder) {
      const files = join(folder, "dicom"), out = join(folder, "set"), form: Form = "bytes";
      await writeFiles(files, (await dicomFixture(fixture)).files);
      return {
        files: [{ path: join(files, file), form }],
        async read() {
          try {
            const { cases } = await importDicom([files], { out });
            const hashes = [await bytesHash(await Deno.readTextFile(join(out, "dataset.json")))];
            for (const { case: id, organs } of cases) {
              hashes.push(await digestOf(join(out, "imagesTr", `${id}_0000.nii.gz`)));
              if (organs !== "") hashes.push(await digestOf(join(out, "labelsTr", `${id}.nii.gz`)));
            }
            return hashes.includes("impossible") ? "impossible" : hashes.join();
          } finally {
            await Deno.remove(out, { recursive: true }).catch(() => {});
          }
        },
      };
    },
  };
}

export const clinics: Target[] = [
  textHeader("NRRD", {
    file: "scan.nrrd",
    lines: [
      "NRRD0004",
      "type: uchar",
      "dimension: 3",
      "space: left-posterior-superior",
      "sizes: 2 3 4",
      "space directions: (1.5,0,0) (0,1.5,0) (0,0,3)",
      "endian: little",
      "encoding: raw",
      "space origin: (-10,5.5,7)",
      "",
    ],
  }),
  textHeader("MetaImage", {
    file: "scan.mha",
    lines: [
      "ObjectType = Image",
      "NDims = 3",
      "BinaryData = True",
      "BinaryDataByteOrderMSB = False",
      "CompressedData = False",
      "TransformMatrix = 1 0 0 0 1 0 0 0 1",
      "Offset = -10 5.5 7",
      "ElementSpacing = 1.5 1.5 3",
      "DimSize = 2 3 4",
      "ElementType = MET_UCHAR",
      "ElementDataFile = LOCAL",
    ],
  }),
  dicom("DICOM slice", { fixture: "ct_structures", file: "3.dcm" }),
  dicom("DICOM, enhanced MR", { fixture: "enhanced", file: "all.dcm" }),
  dicom("DICOM RTSTRUCT", { fixture: "ct_structures", file: "structures.dcm" }),
  dicom("DICOM SEG", { fixture: "mr_segments", file: "segments.dcm" }),
];
