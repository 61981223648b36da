/**
 * Folds of a cohort: its subjects dealt into parts that are tested in turn (docs/COHORT.md, folds).
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { byId } from "./case_rule.ts";
import type { Cohort } from "./cohort.ts";
import { type Fold, foldText } from "./fold.ts";
import { labelsOf } from "./match_labels.ts";
import { choiceOf, type ChoiceOptions, type Chosen, personOf } from "./study_cases.ts";
import { hashFraction } from "./subject.ts";

type DatasetEntry = Cohort["datasets"][number];
type TestEntry = Cohort["test"][number];

export interface DealOptions {
  fold: Fold;
  /** Receives what is wrong. */
  problems: string[];
}

/** What one entry of the cohort names, whatever the role. */
interface Pool<E = DatasetEntry | TestEntry> {
  entry: E;
  /** By their ids; those without a shown organ among them. */
  cases: Map<string, Chosen>;
}

/**
 * The cohort with the cases of a fold in place of its rules. Everybody whom any of its parts names is dealt into `of` parts; part
 * `part` is tested, the next one validates, the others train.
 *
 * @param folders what lies in the cohort's folders; one that could not be read is missing
 */
export function dealFold(
  cohort: Cohort,
  folders: ReadonlyMap<string, Dataset>,
  { fold, problems }: DealOptions,
): Cohort {
  const own = new Set(cohort.datasets.map(({ folder }) => folder));
  const foreign = cohort.test.filter(({ folder }) => !own.has(folder));
  if (foreign.length > 0) {
    const names = foreign.map(({ name, folder }) => `${name} in ${folder}`).join(", ");
    problems.push(
      `fold ${
        foldText(fold)
      }: the cases of a test set must lie in a dataset's folder, so that other folds can train on them; ` +
        `the folder of no dataset has the test set ${names}`,
    );
    return cohort;
  }
  const standIn = cohort.organs.find(({ standsFor }) => standsFor);
  if (standIn) {
    problems.push(
      `fold ${
        foldText(fold)
      }: ${standIn.name} stands for other organs, and who is dealt into another dataset would have other names there; ` +
        `use the cohort without folds`,
    );
    return cohort;
  }
  const pools = readPools(cohort, folders, problems);
  const dealt = new Dealt(cohort, pools, fold);
  const datasets = pools.datasets.map(({ entry }): DatasetEntry => ({
    ...entry,
    training: dealt.casesOf(entry, "training"),
    validation: dealt.casesOf(entry, "validation"),
  }));
  const test = cohort.test.map((entry): TestEntry => ({ ...entry, cases: dealt.testedOf(entry) }));
  const lists = [
    ...datasets.flatMap(({ name, training, validation }) => [
      [`training of ${name}`, training] as const,
      [`validation of ${name}`, validation] as const,
    ]),
    ...test.map(({ name, cases }) => [`test set ${name}`, cases] as const),
  ];
  for (const [place, cases] of lists) {
    if (Array.isArray(cases) && cases.length === 0) {
      problems.push(`${place}: fold ${foldText(fold)} has no case for it; fewer parts have more cases each`);
    }
  }
  return { ...cohort, datasets, test };
}

interface Pools {
  datasets: Pool<DatasetEntry>[];
  test: Pool<TestEntry>[];
}

function readPools(cohort: Cohort, folders: ReadonlyMap<string, Dataset>, problems: string[]): Pools {
  const numbers = new Map(labelsOf(cohort).map(({ name, number }) => [name, number]));
  const read = <E extends DatasetEntry | TestEntry>(entry: E, roles: ChoiceOptions["role"][]): Pool<E> => {
    const dataset = folders.get(entry.folder);
    const shown = entry.organs?.map((name) => numbers.get(name)!) ?? [...numbers.values()];
    const subject = cohort.datasets.find(({ folder }) => folder === entry.folder)?.subject;
    const chosen = dataset
      ? roles.flatMap((role) => {
        const { chosen, bare } = choiceOf(dataset, { entry, role, cohort, shown, subject, problems });
        return "unlabelled" in entry && entry.unlabelled === "use" && role === "training"
          ? [...chosen, ...bare]
          : chosen;
      })
      : [];
    return { entry, cases: new Map(chosen.map((one) => [one.id, one])) };
  };
  return {
    datasets: cohort.datasets.map((entry) => read(entry, ["training", "validation"])),
    test: cohort.test.map((entry) => read(entry, ["test"])),
  };
}

/** Who is on which side, and what follows for every entry. */
class Dealt {
  private readonly sides: ReadonlyMap<string, "training" | "validation" | "test">;

  constructor(private readonly cohort: Cohort, private readonly pools: Pools, fold: Fold) {
    const people = this.deal();
    this.lendTested(people);
    const turn = (place: number) => (place - (fold.part - 1) + fold.of) % fold.of;
    this.sides = new Map(
      people.map((person, index) => {
        const place = turn(index % fold.of);
        if (place === 0 && this.canBeTested(person)) return [person, "test"];
        return [person, place === 1 && this.canValidate(person) ? "validation" : "training"];
      }),
    );
  }

  /** Cases of a dataset in a role, in the order of their ids; where the cohort uses them, unlabelled ones train, too. */
  casesOf(entry: DatasetEntry, role: "training" | "validation"): string[] {
    const pool = this.pools.datasets.find((pool) => pool.entry === entry)!;
    const bare = role === "training" && entry.unlabelled === "use";
    return idsOf(pool, (one) =>
      this.sides.get(personOf(entry, one)) === role &&
      (fits(one, { shown: entry.organs, rule: entry[role] }) || bare && !showsAny(one, entry.organs)));
  }

  /** Cases of a test set: those that it names itself, and those of its folder that no test set names and that it is the first to fit. */
  testedOf(entry: TestEntry): string[] {
    const named = (id: string) => this.testsOf(entry.folder).filter(({ cases }) => cases.has(id));
    const all = new Map(this.inFolder(entry.folder).map((one) => [one.id, one]));
    return idsOf({ entry, cases: all }, (one) => {
      if (this.sides.get(personOf(entry, one)) !== "test") return false;
      const sets = named(one.id).length > 0 ? named(one.id) : this.testsOf(entry.folder).filter(
        (test) => this.fitsTest(one, test.entry),
      ).slice(0, 1);
      return sets.some((test) => test.entry === entry);
    });
  }

  /**
   * Everybody in the order in which they are dealt: place by place, so that each part has its share of each, and within a place by hash.
   * The next place goes on where the last one ended, so that the parts are equally large altogether.
   */
  private deal(): string[] {
    const people = new Set<string>();
    for (const { entry, cases } of [...this.pools.datasets, ...this.pools.test]) {
      const own = [...new Set([...cases.values()].map((one) => personOf(entry, one)))];
      const hash = new Map(
        own.map((person) => [person, hashFraction(`fold ${this.cohort.splitSeed}`, person)]),
      );
      own.sort((a, b) => hash.get(a)! - hash.get(b)!).forEach((person) => people.add(person));
    }
    return [...people];
  }

  /** Whoever is in a test set alone joins the datasets of the folder by turns: in other folds they learn from him. */
  private lendTested(people: readonly string[]): void {
    for (const folder of new Set(this.cohort.test.map(({ folder }) => folder))) {
      const datasets = this.pools.datasets.filter(({ entry }) => entry.folder === folder);
      const placesOf = (person: string) => datasets.filter((pool) => casesOf(pool, person).length > 0);
      const places = new Map(
        people.map(placesOf).filter(({ length }) => length > 0).map((all) => [
          all.map(({ entry }) => entry.name).join(),
          all,
        ]),
      );
      const turns = places.size > 0 ? [...places.values()] : [datasets];
      const alone = people.filter((person) =>
        placesOf(person).length === 0 && this.testsOf(folder).some((pool) => casesOf(pool, person).length > 0)
      );
      alone.forEach((person, index) => {
        const own = this.testsOf(folder).flatMap((pool) => casesOf(pool, person));
        for (const { cases } of turns[index % turns.length]!) own.forEach((one) => cases.set(one.id, one));
      });
    }
  }

  private testsOf(folder: string): Pool<TestEntry>[] {
    return this.pools.test.filter(({ entry }) => entry.folder === folder);
  }

  private inFolder(folder: string): Chosen[] {
    return [...this.pools.datasets, ...this.pools.test].flatMap(({ entry, cases }) =>
      entry.folder === folder ? [...cases.values()] : []
    );
  }

  private canBeTested(person: string): boolean {
    return this.cohort.test.some((entry) =>
      this.inFolder(entry.folder).some((one) => personOf(entry, one) === person && this.fitsTest(one, entry))
    );
  }

  private canValidate(person: string): boolean {
    return this.pools.datasets.some((pool) =>
      casesOf(pool, person).some((one) =>
        fits(one, { shown: pool.entry.organs, rule: pool.entry.validation })
      )
    );
  }

  private fitsTest(one: Chosen, { cases, organs }: TestEntry): boolean {
    return fits(one, { shown: organs ?? labelsOf(this.cohort).map(({ name }) => name), rule: cases });
  }
}

function casesOf({ entry, cases }: Pool, person: string): Chosen[] {
  return [...cases.values()].filter((one) => personOf(entry, one) === person);
}

function idsOf({ cases }: Pool, wanted: (one: Chosen) => boolean): string[] {
  return [...cases.values()].filter(wanted).map(({ id }) => id).sort(byId.compare);
}

function showsAny({ annotated }: Chosen, shown: readonly string[]): boolean {
  return annotated.some((name) => shown.includes(name));
}

/** Whether a case has the annotations that a rule wants; a list of ids wants none but one of the shown. */
function fits(one: Chosen, { shown, rule }: { shown: readonly string[]; rule: TestEntry["cases"] }): boolean {
  const requires = Array.isArray(rule) ? [] : rule.requires ?? [];
  return showsAny(one, shown) && requires.every((name) => one.annotated.includes(name));
}
