/**
 * How long a run's whole work will take.
 *
 * Work comes in kinds (a training step, a validated case, …), each with its cost in forward passes, see
 * training/work.ts. What a kind takes is measured in each stage; until it is seen, its cost is multiplied by the pace of
 * the same kind in another stage, else by that of all kinds seen. Nothing is known before the first piece is done.
 *
 * @module
 */
import type { Progress } from "../../training/recorder.ts";
import type { Work } from "../../training/work.ts";

/** A stage that a run will come to. */
export interface StageWork {
  stage: string;
  work: readonly Work[];
}

/** Seconds of kinds that no network takes part in, until they are measured: what a slow laptop takes. */
const FIXED_SECONDS: Readonly<Record<string, number>> = { figure: 2.5 };

/** Work of so long ago counts half: other programs come and go. */
const HALF_LIFE_SECONDS = 60;

interface Sum {
  seconds: number;
  passes: number;
}

interface Measured {
  stage: string;
  kind: string;
  first: Sum;
  others: Sum;
}

/** What work has taken: shared by runs on one study, so that a later one is judged by those before it. */
export class Pace {
  /** By stage and kind. A first piece, in which memory is allotted and code compiled, counts while there are no others. */
  #measured = new Map<string, Measured>();

  add(stage: string, kind: string, { seconds, passes }: Sum): void {
    const key = `${stage} ${kind}`;
    const found = this.#measured.get(key);
    if (!found) {
      this.#measured.set(key, { stage, kind, first: { seconds, passes }, others: { seconds: 0, passes: 0 } });
    } else {
      const kept = 0.5 ** (seconds / HALF_LIFE_SECONDS);
      found.others.seconds = kept * found.others.seconds + seconds;
      found.others.passes = kept * found.others.passes + passes;
    }
  }

  /** Seconds a piece of work takes; NaN while nothing is known. */
  secondsOf(stage: string, { kind, passes }: Work): number {
    const all = [...this.#measured.values()];
    const like = all.filter((one) => one.kind === kind);
    const own = like.filter((one) => one.stage === stage);
    const network = all.filter((one) => FIXED_SECONDS[one.kind] === undefined);
    const fixed = FIXED_SECONDS[kind];
    const warm = (sums: Measured[]) => sums.filter(({ others }) => others.passes > 0);
    const known = fixed === undefined
      ? [warm(own), warm(like), warm(network), own, network]
      : [warm(own), warm(like)];
    const found = known.find((sums) => sums.length > 0);
    return passes * (found ? perPass(found) : fixed ?? NaN);
  }
}

function perPass(measured: readonly Measured[]): number {
  const sums = measured.map(({ first, others }) => others.passes > 0 ? others : first);
  return total(sums.map(({ seconds }) => seconds)) / total(sums.map(({ passes }) => passes));
}

export interface ForecastOptions {
  /** What earlier runs took. @default nothing is known */
  pace?: Pace | undefined;
  /** Seconds. @default the process's own clock */
  clock?: () => number;
}

/** Follows a run by what its stages say, and answers how long the whole of it still takes. */
export class Forecast {
  #stages = new Map<string, readonly Work[]>();
  #begun = new Set<string>();
  #pace: Pace;
  #clock: () => number;
  /** When work was last heard of, and in which stage; undefined while nobody works. */
  #seen: { at: number; stage: string } | undefined;

  /** @param plan the stages to come; one that is there and not planned is added when it is seen */
  constructor(plan: readonly StageWork[], options: ForecastOptions = {}) {
    const { pace = new Pace(), clock = () => performance.now() / 1000 } = options;
    [this.#pace, this.#clock] = [pace, clock];
    for (const { stage, work } of plan) this.#stages.set(stage, work);
  }

  /** Work begins, or goes on after a pause that nobody worked in. */
  begin(): void {
    this.#seen = undefined;
  }

  see({ stage, step, steps, work }: Pick<Progress, "stage" | "step" | "steps" | "work">): void {
    const before = this.#stages.get(stage) ?? [];
    const [only, ...others] = before;
    const counted = only && others.length === 0 ? only : { kind: "step", count: steps, passes: 1 } as const;
    const now: readonly Work[] = work ?? [{ ...counted, count: Math.max(counted.count, step), done: step }];
    const at = this.#clock();
    // What a stage had done when it was first heard of, as one that is resumed, is no work of now.
    if (this.#seen && this.#begun.has(stage)) {
      this.#measure({ stage, before, now, seconds: at - this.#seen.at });
    }
    this.#stages.set(stage, now);
    this.#begun.add(stage);
    this.#seen = { at, stage };
  }

  /** The stage is done, now or before. */
  end(stage: string): void {
    this.#stages.set(stage, this.#workOf(stage).map((work) => ({ ...work, done: work.count })));
    this.#seen = { at: this.#clock(), stage };
  }

  /** Everything is done. */
  endAll(): void {
    for (const stage of this.#stages.keys()) this.end(stage);
  }

  /** NaN while nothing is known. */
  get secondsLeft(): number {
    const left = total(
      [...this.#stages.keys()].map((stage) => this.#secondsOf(stage, ({ count, done }) => count - done)),
    );
    if (!this.#seen) return left;
    // A piece that is at work grows shorter.
    const { at, stage } = this.#seen;
    const open = this.#workOf(stage).filter(({ done, count }) => done < count);
    const piece = Math.max(0, ...open.map((work) => this.#pace.secondsOf(stage, work)));
    return Math.max(0, left - Math.min(this.#clock() - at, piece));
  }

  /** Seconds of the whole run, what is done and what is not, at the present pace; NaN while nothing is known. */
  get seconds(): number {
    return total([...this.#stages.keys()].map((stage) => this.#secondsOf(stage, ({ count }) => count)));
  }

  #workOf(stage: string): readonly Work[] {
    return this.#stages.get(stage) ?? [];
  }

  #secondsOf(stage: string, pieces: (work: Work) => number): number {
    const open = this.#workOf(stage).filter((work) => pieces(work) > 0);
    return total(open.map((work) => pieces(work) * this.#pace.secondsOf(stage, work)));
  }

  #measure(
    { stage, before, now, seconds }: {
      stage: string;
      before: readonly Work[];
      now: readonly Work[];
      seconds: number;
    },
  ): void {
    const done = now.map((work) => ({
      kind: work.kind,
      passes: work.passes * (work.done - (before.find(({ kind }) => kind === work.kind)?.done ?? 0)),
      expected: this.#pace.secondsOf(stage, work) / work.passes,
    })).filter(({ passes }) => passes > 0);
    // Several kinds at once, as when many small steps are told together: each its part, by what is expected of it.
    const parts = done.map(({ passes, expected }) => passes * (expected || 1));
    done.forEach(({ kind, passes }, i) =>
      this.#pace.add(stage, kind, { passes, seconds: seconds * parts[i]! / total(parts) })
    );
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
