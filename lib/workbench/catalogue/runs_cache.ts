/**
 * The command `runs cache`: what stages there are, who computed and who uses them.
 *
 * @module
 */
import { listStages } from "../../comparison/catalogue/list_stages.ts";
import { bytesText } from "../../files/folder_contents.ts";
import { type Table, table } from "../../plots/tables/table.ts";
import { formatSeconds } from "../../text/format_seconds.ts";

/** A row a stage; undefined where the cohort has none. */
export async function stageTable(results: string, cohort: string): Promise<Table | undefined> {
  const stages = await listStages(results, cohort, {
    onUnreadable: ({ message }) =>
      console.error(`Warning: ${message}; the stages that it uses are not known`),
  });
  if (stages.length === 0) return undefined;
  const bytes = stages.reduce((sum, stage) => sum + stage.bytes, 0);
  const unused = stages.filter(({ usedBy }) => usedBy.length === 0).length;
  const rows = stages.map(({ name, hash, seconds, computedBy, usedBy, bytes }) => ({
    stage: name ?? "unfinished",
    hash: hash.slice(0, 8),
    took: seconds === undefined ? "–" : formatSeconds(seconds),
    size: bytesText(bytes),
    "computed by": computedBy?.split("/").slice(1).join("/") ?? "–",
    "used by": usedBy.length === 0 ? "no run" : `${usedBy.length} ${usedBy.length === 1 ? "run" : "runs"}`,
  }));
  return table(rows, {
    caption: `${cohort}: ${stages.length} ${stages.length === 1 ? "stage" : "stages"}, ${bytesText(bytes)}`,
    notes: unused === 0
      ? []
      : [`No run uses ${unused} of them: --prune removes ${unused === 1 ? "it" : "them"}.`],
  });
}
