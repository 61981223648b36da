/**
 * Who teaches whom in dynamic feature similarity.
 *
 * @module
 */
import { emptyFigure } from "../empty_figure.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { knownOrgans } from "../../metrics/score_row.ts";
import { nameAxis, nameAxisDown } from "../arms/organ_axis.ts";

/** One lesson, or the sum of many: a teacher's features of an organ pull a student's. */
export interface TeacherRow {
  teacher: string;
  student: string;
  organ: string;
  /** How many such lessons there were. */
  lessons: number;
  /** Name of the dataset the lesson was on, as the models are named after theirs. @default unknown */
  dataset?: string;
}

export interface TeacherFigureOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** The models, in their order. @default as the rows come */
  models?: readonly string[];
  /** @default "Who teaches whom" */
  title?: string;
}

const WIDTH = 900;

/**
 * Two heatmaps of shares of the lessons: for each student by which teacher (a column sums to 1), and for each
 * organ by which teacher. A note tells how much of them a model gave on its own dataset.
 *
 * @example
 * ```ts
 * import { teacherFigure } from "consilium/plots";
 *
 * teacherFigure([
 *   { teacher: "A", student: "B", organ: "Liver", lessons: 14 },
 *   { teacher: "B", student: "A", organ: "Spleen", lessons: 6 },
 * ]);
 * ```
 */
export function teacherFigure(rows: readonly TeacherRow[], options: TeacherFigureOptions = {}): Figure {
  const { organs: vocabulary = [], title = "Who teaches whom" } = options;
  const taught = rows.filter(({ lessons }) => lessons > 0);
  if (taught.length === 0) {
    return emptyFigure(title, "No model was ever enough better than another to teach it.");
  }
  const organs = knownOrgans([["", taught]], vocabulary);
  const models = [
    ...new Set([...options.models ?? [], ...taught.flatMap(({ teacher, student }) => [teacher, student])]),
  ];
  const notes = ["Shares of the lessons; each column sums to 1.", ...ownNote(taught)];
  const head = heading(title, { notes, width: WIDTH });
  const split = Math.max(0.25, Math.min(0.6, 1.4 * models.length / (1.4 * models.length + organs.length)));
  const labels = (names: string[]) => names.map((name) => shortLabel(name));
  const [modelLabels, organLabels] = [labels(models), labels(organs)];
  const students = shares(taught, { models, of: models, key: ({ student }) => student });
  const perOrgan = shares(taught, { models, of: organs, key: ({ organ }) => organ });
  return figure([heat(students, { axis: "x" }), heat(perOrgan, { axis: "x2" })], {
    ...head,
    width: WIDTH,
    height: head.margin.t + 150 + models.length * 44,
    xaxis: { ...nameAxis(modelLabels), domain: [0, split - 0.02], title: { text: "student" } },
    xaxis2: { ...nameAxis(organLabels), domain: [split + 0.02, 1], title: { text: "organ" }, anchor: "y" },
    yaxis: { ...nameAxisDown(modelLabels), title: { text: "teacher" } },
  });
}

function shares(
  rows: readonly TeacherRow[],
  { models, of, key }: { models: string[]; of: string[]; key: (row: TeacherRow) => string },
): (number | null)[][] {
  const count = (list: readonly TeacherRow[]) => list.reduce((sum, row) => sum + row.lessons, 0);
  return models.map((teacher) =>
    of.map((name) => {
      const lessons = rows.filter((row) => key(row) === name);
      const total = count(lessons);
      return total > 0 ? count(lessons.filter((row) => row.teacher === teacher)) / total : null;
    })
  );
}

function heat(z: (number | null)[][], { axis }: { axis: "x" | "x2" }): Trace {
  return {
    type: "heatmap",
    z,
    xaxis: axis,
    yaxis: "y",
    zmin: 0,
    zmax: 1,
    xgap: 2,
    ygap: 2,
    colorscale: [[0, "#f2f2f2"], [1, "#0072B2"]],
    text: z.map((row) => row.map((value) => value === null ? "–" : value.toFixed(2))),
    texttemplate: "%{text}",
    hovertemplate: "%{z:.3f}<extra></extra>",
    showscale: axis === "x2",
    colorbar: { title: { text: "share", side: "right" }, thickness: 14, outlinewidth: 0 },
  };
}

function ownNote(rows: readonly TeacherRow[]): string[] {
  const known = rows.filter(({ dataset }) => dataset !== undefined);
  if (known.length === 0) return [];
  const own = known.filter(({ dataset, teacher }) => dataset === teacher);
  const sum = (list: readonly TeacherRow[]) => list.reduce((total, row) => total + row.lessons, 0);
  return [`${(100 * sum(own) / sum(known)).toFixed(0)} % of them a model gave on scans of its own dataset.`];
}
