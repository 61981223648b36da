/**
 * Which structures of a folder's label objects become organs of which series.
 *
 * @module
 */
import { DicomError } from "../../dicom/dicom_error.ts";
import type { LabelStructure } from "../../dicom/label_structure.ts";
import { matchSeries } from "../../dicom/match_series.ts";
import { segmentationContent } from "../../dicom/segmentation_content.ts";
import type { LabelObject, Series } from "../../dicom/series.ts";
import { structureSetContent } from "../../dicom/structure_set.ts";
import type { OrganAliases } from "./organ_aliases.ts";

/** A structure of an object that is, or is part of, an organ. */
export interface PlannedStructure {
  organ: string;
  structure: LabelStructure;
  path: string;
}

export interface LabelPlan {
  /** What is to be drawn on each series; none on those without labels. */
  structures: Map<Series, PlannedStructure[]>;
  /** Structures that are left out, by name, with the number of objects. */
  unmapped: Map<string, number>;
  notes: string[];
}

/** Label values are bytes; nnU-Net's "ignore" wants one more. */
const MOST_ORGANS = 254;

/** @param problems gets one line for each object, and each organ, that cannot be used */
export async function planLabels(
  labels: readonly LabelObject[],
  { series, aliases, problems }: { series: readonly Series[]; aliases: OrganAliases; problems: string[] },
): Promise<LabelPlan> {
  const plan: LabelPlan = { structures: new Map(), unmapped: new Map(), notes: [] };
  for (const object of labels) {
    try {
      const content = object.kind === "SEG" ? await segmentationContent(object) : structureSetContent(object);
      const found = matchSeries(object, content, series);
      const planned = plan.structures.get(found) ?? [];
      for (const structure of content.structures) {
        const organ = aliases.organOf(structure.name);
        if (organ === undefined) {
          plan.unmapped.set(structure.name, (plan.unmapped.get(structure.name) ?? 0) + 1);
        } else planned.push({ organ, structure, path: object.path });
      }
      if (content.leftOut.length > 0) {
        plan.notes.push(`left out: ${content.leftOut.join(", ")} (${object.path})`);
      }
      plan.structures.set(found, planned);
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      problems.push(error.message);
    }
  }
  for (const planned of plan.structures.values()) requireOneSource(planned, { problems, notes: plan.notes });
  return plan;
}

/** Structures of one object may be parts of an organ; of two objects it is not known which is right. */
function requireOneSource(
  planned: readonly PlannedStructure[],
  { problems, notes }: { problems: string[]; notes: string[] },
): void {
  for (const [organ, parts] of Map.groupBy(planned, ({ organ }) => organ)) {
    const paths = [...new Set(parts.map(({ path }) => path))];
    if (paths.length > 1) {
      problems.push(`${organ} must be in one object of a series, it is in ${paths.join(" and ")}`);
    } else if (parts.length > 1) {
      notes.push(
        `${organ}: united of ${parts.map(({ structure }) => structure.name).join(", ")} (${paths[0]})`,
      );
    }
  }
}

/** Values of all organs of a plan, by name. */
export function organValues({ structures }: LabelPlan, problems: string[]): Map<string, number> {
  const organs = [...new Set([...structures.values()].flat().map(({ organ }) => organ))].sort();
  if (organs.length > MOST_ORGANS) {
    problems.push(
      `there must be at most ${MOST_ORGANS} organs, there are ${organs.length}: --organs maps fewer`,
    );
  }
  for (const organ of organs.filter((organ) => ["background", "ignore"].includes(organ))) {
    problems.push(
      `no organ must be called ${organ}, which is a word of dataset.json: --organs maps it to another name`,
    );
  }
  return new Map(organs.map((organ, index) => [organ, index + 1]));
}
