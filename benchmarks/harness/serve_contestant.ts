/**
 * The side of a contestant written in TypeScript; peers/contestant.py of the benchmarks is the same in Python.
 *
 * @module
 */

/** What a contestant does over and over: one repetition, and numbers that other contestants must reproduce. */
export type Repeat = () => Promise<number[]> | number[];

/**
 * Answers the benchmark that started this process: "ready" once everything is loaded, then the seconds and the output of
 * one repetition for every line on stdin, until stdin ends.
 */
export async function serveContestant(prepare: () => Promise<Repeat>): Promise<void> {
  const repeat = await prepare();
  answer({ ready: true });
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of lines) {
    for (const _ of text.matchAll(/\n/g)) {
      const start = performance.now();
      const output = await repeat();
      answer({ seconds: (performance.now() - start) / 1000, output });
    }
  }
}

function answer(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}
