/**
 * Vectors of organs' names, such as a text model's embeddings (METHOD section 9).
 *
 * @module
 */
import { z } from "zod";
import { organId } from "./organs/organ_name.ts";
import { InvalidFileError, parseWith, readJson } from "./json_file.ts";

export const VectorFile = z.strictObject({
  model: z.string(),
  dimension: z.int().min(1),
  organs: z.array(z.strictObject({
    name: z.string().min(1),
    /** What was embedded, where it is more than the name. */
    text: z.string().optional(),
    vector: z.array(z.number()),
  })).min(1),
});

type VectorFile = z.infer<typeof VectorFile>;

/** The vectors of a study's classes. */
export interface OrganVectors {
  /** Path of the file. */
  file: string;
  background: readonly number[];
  /** In the order of the study's organs; undefined: the file has none. */
  organs: readonly (readonly number[] | undefined)[];
}

const BACKGROUND = "background";

/**
 * Reads the vectors of background and organs. A name is found however its words are written: RightKidney, right_kidney and
 * "Kidney, right" are one; "right renal" is another.
 *
 * @param names of the organs
 * @throws {InvalidFileError} with every vector that is of another dimension, 0, not finite or of another's direction, and every name that is
 *   there twice
 */
export async function readOrganVectors(path: string, names: readonly string[]): Promise<OrganVectors> {
  const { value, problems } = parseWith(VectorFile, await readJson(path, "vectors of organs"));
  const all = value ? problemsOf(value) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(path, all, "vectors of organs");
  const vectors = new Map(value.organs.map(({ name, vector }) => [organId(name), vector]));
  return {
    file: path,
    background: vectors.get(BACKGROUND)!,
    organs: names.map((name) => vectors.get(organId(name))),
  };
}

function problemsOf({ dimension, organs }: VectorFile): string[] {
  const ids = organs.map(({ name }) => organId(name));
  return [
    ...ids.includes(BACKGROUND) ? [] : [`organs: must hold one that is called ${BACKGROUND}`],
    ...organs.flatMap(({ name, vector }, index) => {
      const place = `organs[${index}] (${name})`, first = ids.indexOf(ids[index]!);
      return [
        ...first < index ? [`${place}: is organs[${first}] (${organs[first]!.name}), too`] : [],
        ...vector.length === dimension
          ? []
          : [`${place}: must have ${dimension} numbers, current number is ${vector.length}`],
        ...vector.some((value) => value !== 0)
          ? []
          : [`${place}: must not be 0 all over, which points nowhere`],
      ];
    }),
    ...sameDirections(organs),
  ];
}

/** Classes whose vectors point the same way are one class to a network. */
function sameDirections(organs: VectorFile["organs"]): string[] {
  const unit = organs.map(({ vector }) => {
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
  return organs.flatMap(({ name, vector }, index) => {
    const same = unit.findIndex((other, before) =>
      before < index && other.length === vector.length &&
      other.reduce((sum, value, axis) => sum + value * unit[index]![axis]!, 0) > 1 - 1e-9
    );
    return same < 0
      ? []
      : [`organs[${index}] (${name}): must not point as organs[${same}] (${organs[same]!.name}) does`];
  });
}
