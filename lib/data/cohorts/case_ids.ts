/**
 * Ids of cases, unique in a study: stores, stages and reports know a case by its id.
 *
 * @module
 */
import type { Dataset, DatasetCase } from "../datasets/dataset.ts";
import type { StudyScan } from "./study.ts";

/** What to call a dataset's case in the study. */
export type NameCase = (dataset: Pick<Dataset, "folder">, scan: Pick<DatasetCase, "id" | "image">) => string;

/**
 * Ids of one scan stay as they are, whichever folders label it; others get the folder's name, as far up its path as tells the folders
 * apart.
 */
export function caseNames(datasets: Iterable<Pick<Dataset, "folder" | "cases">>): NameCase {
  const seen = new Map<string, string>(), shared = new Set<string>(), folders = new Set<string>();
  for (const { folder, cases } of datasets) {
    folders.add(folder);
    for (const { id, image } of cases) {
      if ((seen.get(id) ?? image) !== image) shared.add(id);
      seen.set(id, image);
    }
  }
  return ({ folder }, { id }) => shared.has(id) ? `${nameOfFolder(folder, folders)}_${id}` : id;
}

function nameOfFolder(folder: string, all: ReadonlySet<string>): string {
  const parts = folder.split("/").filter((part) => part !== "");
  const ending = (path: string, count: number) =>
    path.split("/").filter((part) => part !== "").slice(-count).join("_");
  const isShared = (count: number) =>
    [...all].some((other) => other !== folder && ending(other, count) === ending(folder, count));
  let count = 1;
  while (count < parts.length && isShared(count)) count++;
  return ending(folder, count);
}

/** One line for each id of two scans. The same scan may be in several datasets. */
export function idProblems(scans: readonly StudyScan[]): string[] {
  const byId = Map.groupBy(scans, ({ id }) => id);
  return [...byId].flatMap(([id, own]) => {
    const images = [...new Set(own.map(({ image }) => image))];
    return images.length < 2 ? [] : [`case ${id}: two scans would be called that, ${images.join(" and ")}`];
  });
}
