/**
 * What a cohort's schema cannot say: names that must match, shapes that must fit.
 *
 * @module
 */
import { AXES } from "../../imaging/each_axis.ts";
import { nearestName } from "../../text/unknown_name.ts";
import { supervisedLevels } from "../supervised_levels.ts";
import { augmentationProblems } from "./augmentation_rules.ts";
import type { LabelSet } from "../label_set.ts";
import type { Cohort } from "./cohort.ts";
import { otherNames } from "./match_labels.ts";
import { organId } from "../organs/organ_name.ts";

function noOrgan(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, [...known]);
  return `${name} is none of the organs${nearest === undefined ? "" : `: did you mean ${nearest}?`}`;
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function nameProblems({ organs, groups = [] }: Cohort): string[] {
  const problems: string[] = [];
  const owner = new Map<string, string>();
  const check =
    (place: string) =>
    ({ name, aliases = [] }: { name: string; aliases?: string[] | undefined }, index: number) => {
      for (const id of new Set([name, ...aliases].map(organId))) {
        const other = owner.get(id);
        if (other) problems.push(`${place}[${index}]: ${name} and ${other} have one name or alias in common`);
        owner.set(id, name);
      }
    };
  organs.forEach(check("organs"));
  groups.forEach(check("groups"));
  return problems;
}

function organProblems({ organs, groups = [] }: Cohort): string[] {
  const problems: string[] = [];
  groups.forEach(({ parts }, index) => {
    const known = organs.map(({ name }) => name), place = `groups[${index}].parts`;
    parts.forEach((part, at) => {
      const found = organs.find((organ) => organ.name === part);
      if (!found) problems.push(`${place}[${at}]: ${noOrgan(part, known)}`);
      else if (found.standsFor) problems.push(`${place}[${at}]: must stand for no other organ, ${part} does`);
    });
    problems.push(...repeated(parts).map((part) => `${place}: ${part} is listed twice`));
  });
  organs.forEach(({ name, mirror, standsFor = [] }, index) => {
    const place = `organs[${index}].standsFor`, others = organs.filter((organ) => organ.name !== name);
    standsFor.forEach((wanted, at) => {
      const other = others.find((organ) => organ.name === wanted);
      if (!other) problems.push(`${place}[${at}]: ${noOrgan(wanted, others.map(({ name }) => name))}`);
      else if (other.standsFor) {
        problems.push(`${place}[${at}]: must be organs that stand for no others, ${wanted} does`);
      }
    });
    problems.push(...repeated(standsFor).map((other) => `${place}: ${other} is listed twice`));
    const images = standsFor.map((other) => organs.find((organ) => organ.name === other)?.mirror ?? other);
    if (mirror === undefined && images.some((image) => !standsFor.includes(image))) {
      problems.push(
        `organs[${index}].mirror: must be there, since ${name} stands for organs of one side (${
          standsFor.join(", ")
        })`,
      );
    }
  });
  organs.forEach(({ name, mirror }, index) => {
    if (mirror === undefined) return;
    const other = organs.find((organ) => organ.name === mirror);
    if (!other) problems.push(`organs[${index}].mirror: ${noOrgan(mirror, organs.map(({ name }) => name))}`);
    else if (other.mirror !== name || mirror === name) {
      problems.push(
        `organs[${index}].mirror: ${mirror}'s mirror must be ${name}, is ${other.mirror ?? "absent"}`,
      );
    }
  });
  return problems;
}

interface CaseContext {
  place: string;
  /** Organs and groups of the cohort. */
  known: ReadonlySet<string>;
  /** Those that have another name where the cases are. */
  others: ReadonlySet<string>;
}

function caseProblems(
  cases: Cohort["test"][number]["cases"],
  { place, known, others }: CaseContext,
): string[] {
  if (Array.isArray(cases)) return repeated(cases).map((id) => `${place}: ${id} is listed twice`);
  const problems: string[] = [];
  if (cases.fraction && cases.fraction[0] >= cases.fraction[1]) {
    problems.push(`${place}.fraction: must rise, is [${cases.fraction.join(", ")}]`);
  }
  cases.requires?.forEach((organ, index) => {
    if (!known.has(organ)) problems.push(`${place}.requires[${index}]: ${noOrgan(organ, known)}`);
    else if (others.has(organ)) {
      problems.push(
        `${place}.requires[${index}]: ${organ} has another name here, the one that \`organs\` lists`,
      );
    }
  });
  return problems;
}

/** Labels of one dataset that have an organ in common: a voxel would have two. */
function overlapProblems(shown: string[], { organs, groups = [] }: Cohort, place: string): string[] {
  const problems: string[] = [];
  const owner = new Map<string, string>();
  const covered = (name: string) => organs.find((organ) => organ.name === name)?.standsFor ?? [name];
  for (const name of new Set(shown)) {
    for (const part of (groups.find((group) => group.name === name)?.parts ?? [name]).flatMap(covered)) {
      const other = owner.get(part);
      if (other) problems.push(`${place}: ${other} and ${name} have ${part} in common, show one of them`);
      else owner.set(part, name);
    }
  }
  return problems;
}

function datasetProblems(cohort: Cohort): string[] {
  const { datasets, test, organs, groups = [] } = cohort;
  const known = new Set([...organs, ...groups].map(({ name }) => name));
  const problems = [
    ...repeated(datasets.map(({ name }) => name)).map((name) => `datasets: two are called ${name}`),
    ...repeated(test.map(({ name }) => name)).map((name) => `test: two are called ${name}`),
  ];
  const namesOf = (numbers: LabelSet) => new Set(numbers.flatMap((number) => organs[number - 1]?.name ?? []));
  const checkOrgans = (listed: string[], place: string) => {
    listed.forEach((organ, at) => {
      if (!known.has(organ)) problems.push(`${place}[${at}]: ${noOrgan(organ, known)}`);
    });
    problems.push(...repeated(listed).map((organ) => `${place}: ${organ} is listed twice`));
  };
  datasets.forEach((dataset, index) => {
    const place = `datasets[${index}]`;
    checkOrgans(dataset.organs, `${place}.organs`);
    problems.push(...overlapProblems(dataset.organs, cohort, `${place}.organs`));
    const context = { known, others: namesOf(otherNames(cohort, dataset)) };
    problems.push(...caseProblems(dataset.training, { place: `${place}.training`, ...context }));
    problems.push(...caseProblems(dataset.validation, { place: `${place}.validation`, ...context }));
  });
  test.forEach((entry, index) => {
    const { cases, organs: scored = [] } = entry;
    checkOrgans(scored, `test[${index}].organs`);
    if (scored.some((name) => organs.find((organ) => organ.name === name)?.standsFor)) {
      problems.push(...overlapProblems(scored, cohort, `test[${index}].organs`));
    }
    const others = namesOf(otherNames(cohort, entry));
    problems.push(...caseProblems(cases, { place: `test[${index}].cases`, known, others }));
  });
  const shown = new Set(datasets.flatMap(({ organs }) => organs));
  for (const { name: organ } of organs) {
    if (!shown.has(organ)) problems.push(`organs: no dataset shows ${organ}`);
  }
  return problems;
}

function subjectProblems({ datasets, test }: Cohort): string[] {
  const problems: string[] = [];
  const rules = new Map<string, string>();
  const entries = [
    ...datasets.map((entry, index) => ({ ...entry, place: `datasets[${index}]` })),
    ...test.map((entry, index) => ({ ...entry, place: `test[${index}]` })),
  ];
  for (const { folder, subject, place } of entries) {
    if (subject) {
      try {
        const groups = new RegExp(`${subject.pattern}|`).exec("")!.length - 1;
        if (groups !== 1) problems.push(`${place}.subject.pattern: must have one group, has ${groups}`);
      } catch (error) {
        problems.push(`${place}.subject.pattern: ${(error as Error).message}`);
      }
    } else if (place.startsWith("test")) continue;
    const text = JSON.stringify(subject ?? null);
    if (rules.has(folder) && rules.get(folder) !== text) {
      problems.push(`${place}.subject: must be the same wherever the folder is ${folder}`);
    }
    rules.set(folder, text);
  }
  return problems;
}

function networkProblems({ patch, network, preprocessing }: Cohort): string[] {
  const problems: string[] = [];
  const { widths, strides, kernels } = network;
  if (strides.length !== widths.length - 1) {
    problems.push(
      `network.strides: must have one stride less than widths (${widths.length - 1}), has ${strides.length}`,
    );
  }
  if (kernels && kernels.length !== widths.length) {
    problems.push(
      `network.kernels: must have as many sizes as widths (${widths.length}), has ${kernels.length}`,
    );
  }
  kernels?.forEach((size, level) => {
    if (size.some((length) => length % 2 === 0)) {
      problems.push(
        `network.kernels[${level}]: sizes must be odd, so that they have a middle, are [${size.join(", ")}]`,
      );
    }
  });
  if (network.deepSupervision && supervisedLevels(widths.length).length === 0) {
    problems.push(
      `network.deepSupervision: wants a level of the decoder between the highest and the lowest one, so 4 widths at least, has ${widths.length}`,
    );
  }
  for (const axis of AXES) {
    const size = patch[axis];
    const factor = strides.reduce((product, stride) => product * stride[axis], 1);
    if (size % factor !== 0) {
      problems.push(`patch[${axis}]: must be a multiple of its strides' product (${factor}), is ${size}`);
    }
  }
  const { intensity } = preprocessing;
  if (intensity.scheme === "ct" && intensity.clipHu[0] >= intensity.clipHu[1]) {
    problems.push(`preprocessing.intensity.clipHu: must rise, is [${intensity.clipHu.join(", ")}]`);
  }
  return problems;
}

/** One line a contradiction, each beginning with its place in the JSON. */
export function cohortProblems(cohort: Cohort): string[] {
  return [
    ...nameProblems(cohort),
    ...organProblems(cohort),
    ...datasetProblems(cohort),
    ...subjectProblems(cohort),
    ...networkProblems(cohort),
    ...augmentationProblems(cohort),
  ];
}
