/**
 * `export nnunet <cohort>`: a dataset for nnU-Net v2, with a trainer that knows what each case has annotated.
 *
 * @module
 */
import { resolve } from "@std/path";
import { shellWord, typed } from "../../../setup/typed.ts";
import { forceOption, useForce } from "../../../terminal/force_option.ts";
import { withBar } from "../../../terminal/progress_bar.ts";
import { readArguments } from "../../../terminal/read_arguments.ts";
import { shortPath } from "../../../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../../../terminal/usage.ts";
import { wholeNumber } from "../../../terminal/whole_number.ts";
import { cohortLines } from "../../choices.ts";
import { findStudy } from "../../load_study.ts";
import { writeNnunetDataset } from "./nnunet_dataset.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("export nnunet <cohort> --out <folder> [options]")}

Writes Dataset<id>_<cohort> for nnU-Net v2: scans and label maps of training and
validation cases with one vocabulary of organs, each label map with what its
case has annotated and the cohort shows, test scans without labels, our split as
fold 0, and a trainer with the loss of single_marginal, which knows what is not
annotated. docs/EXPORT.md has nnU-Net's commands.

Cohorts (or the path of a JSON file; a fold: <name>@1/5):
${await cohortLines()}

Options:
  --out <folder>  nnU-Net's nnUNet_raw; made where it is not there
  --id <n>        the dataset's number in nnU-Net, 1 to 999 (default: 500)
  --link          link to scans, which must stay where they are, instead of
                  copying them
  --force         take voxels that no scan of a person has as they are`;
}

const options = {
  out: { type: "string" },
  id: { type: "string", default: "500" },
  link: { type: "boolean", default: false },
  ...forceOption,
} as const;

/** nnU-Net writes numbers of datasets with three digits. */
const LARGEST_ID = 999;

/** Runs the command; returns the exit code. */
export async function exportNnunet(
  args: string[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const { values, positionals: [cohort] } = readArguments(args, { action: "export", options, most: 1 });
  if (values.help) return showHelp(await usage());
  if (!cohort) return refuse(await usage(), "Cannot export: no cohort is named");
  useForce(values);
  const { out, link } = values;
  if (out === undefined) throw new UsageError("Cannot export: --out must name nnU-Net's folder of raw data");
  const id = wholeNumber(values.id, { action: "export", name: "id", least: 1 });
  if (id > LARGEST_ID) {
    throw new UsageError(
      `Cannot export: --id must be ${LARGEST_ID} at most, current value is "${values.id}"`,
    );
  }
  const study = await findStudy(cohort);
  for (const warning of study.warnings) console.error(`Warning: ${warning}`);
  const { folder, training, validation, test } = await withBar(
    "exporting",
    (onProgress) => writeNnunetDataset(study, { out: resolve(out), id, link, signal, onProgress }),
  );
  console.error(
    `${training.length} training and ${validation.length} validation cases, ${test.length} test scans; in nnU-Net's environment:`,
  );
  console.error(
    `  export nnUNet_raw=${shellWord(resolve(out))} nnUNet_extTrainer=${shellWord(`${folder}/trainer`)}`,
  );
  console.log(shortPath(folder));
  return 0;
}
