import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import { parseShare, shareOf } from "../../../lib/runs/sweeps/share.ts";
import { parseSweep, readSweep, sweepMembers } from "../../../lib/runs/sweeps/sweep.ts";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";

const members = (json: Record<string, unknown>) =>
  sweepMembers(parseSweep({ description: "", ...json }, "s.json"));

Deno.test("the product of the axes, the last one fastest; labels say what varies", () => {
  const found = members({
    axes: { experiment: ["mutual", "pooled"], cohort: ["toy"], seed: [1, 2], clean: [true] },
  });
  assertEquals(found, [
    { label: "mutual, seed 1", experiment: "mutual", given: { cohort: "toy", seed: 1, clean: true } },
    { label: "mutual, seed 2", experiment: "mutual", given: { cohort: "toy", seed: 2, clean: true } },
    { label: "pooled, seed 1", experiment: "pooled", given: { cohort: "toy", seed: 1, clean: true } },
    { label: "pooled, seed 2", experiment: "pooled", given: { cohort: "toy", seed: 2, clean: true } },
  ]);
});

Deno.test("variants are one axis more; alone they are a list of members", () => {
  const variants = { "PD only": { featureDifference: 0 }, "ohne\n<Filter>": { confidenceFilter: 0 } };
  assertEquals(
    members({ axes: { experiment: ["mutual"], cohort: ["a", "b"] }, variants }).map((
      { label, given },
    ) => [label, given]),
    [
      ["mutual, PD only, a", { featureDifference: 0, cohort: "a" }],
      ["mutual, PD only, b", { featureDifference: 0, cohort: "b" }],
      ["mutual, ohne <Filter>, a", { confidenceFilter: 0, cohort: "a" }],
      ["mutual, ohne <Filter>, b", { confidenceFilter: 0, cohort: "b" }],
    ],
  );
  const list = members({
    variants: { one: { experiment: "mutual", seed: 3 }, two: { experiment: "pooled" } },
  });
  assertEquals(list.map(({ label, given }) => [label, given]), [["mutual, one", { seed: 3 }], [
    "pooled, two",
    {},
  ]]);
});

Deno.test("a fold is told with its cohort, and what varies is said", () => {
  const found = members({ axes: { experiment: ["mutual"], cohort: ["a"], fold: ["1/3", "2/3"] } });
  assertEquals(found.map(({ label, given }) => [label, given]), [
    ["mutual, fold 1/3", { cohort: "a@1/3" }],
    ["mutual, fold 2/3", { cohort: "a@2/3" }],
  ]);
  const variants = { one: { cohort: "a" }, two: { cohort: "b", fold: "3/3" } };
  assertEquals(members({ axes: { experiment: ["mutual"] }, variants }).map(({ given }) => given), [
    { cohort: "a" },
    { cohort: "b@3/3" },
  ]);
});

for (
  const [json, problem] of [
    [{ axes: { experiment: ["mutual"], fold: ["1/3"] } }, "fold: must go with cohort"],
    [{ axes: { experiment: ["mutual"] }, variants: { a: { fold: "1/3" } } }, "fold: must go with cohort"],
    [{ axes: { experiment: ["mutual"], cohort: ["a"], fold: ["4/3"] } }, "current value is 4/3"],
    [{ axes: { experiment: ["mutual"], cohort: ["a"], fold: [2] } }, "current value is 2"],
    [{ axes: { seed: [1] } }, "axes.experiment: must be a list of experiments"],
    [{}, "axes.experiment: must be a list of experiments"],
    [{ axes: { experiment: ["mutual"], seed: [1, 2, 1] } }, "axes.seed: 1 is there twice"],
    [{ axes: { experiment: ["mutual"], seed: [] } }, "axes.seed: "],
    [{ axes: { experiment: [3] } }, "experiment: must be a name, current value is 3"],
    [
      { axes: { experiment: ["mutual"], seed: [1] }, variants: { a: { seed: 2 } } },
      "variants.a.seed: seed is an axis, too",
    ],
    [{ variants: { a: { seed: 2 }, b: { experiment: "mutual" } } }, "axes.experiment: must be"],
    [{ axes: { experiment: ["mutual"], "learning rate": [1] } }, "axes.learning rate: "],
    [
      { axes: { experiment: ["mutual"], seed: [null] } },
      "axes.seed[0]: must be a number, a word, true or false",
    ],
    [
      { axes: { experiment: ["mutual"] }, slurm: { time: "1h", gpus: 0, options: ["a"] } },
      "slurm.time: must be hh:mm:ss",
    ],
    [
      { axes: { experiment: ["mutual"] }, slurm: { time: "0:09:59" } },
      "slurm.time: must be ten minutes at least",
    ],
    [{ axes: { experiment: ["mutual"] }, retries: -1 }, "retries: "],
    [{ axes: { experiment: ["mutual"] }, retries: 1.5 }, "retries: "],
    [{ axis: {} }, "axis: unknown key: did you mean axes?"],
  ] as [Record<string, unknown>, string][]
) {
  Deno.test(`refused: ${JSON.stringify(json)}`, () => {
    assertThrows(() => members(json), InvalidFileError, problem);
  });
}

Deno.test("a product that nobody runs is refused before it is made", () => {
  const hundred = Array.from({ length: 101 }, (_, index) => index);
  const axes = { experiment: ["mutual"], seed: hundred, rampUp: hundred };
  assertThrows(
    () => members({ axes }),
    InvalidFileError,
    "axes: must have at most 10000 members together, they have 10201",
  );
});

Deno.test("times that a task may have", () => {
  for (const time of ["0:10:00", "12:00:00", "1-00:00:00"]) {
    members({ axes: { experiment: ["a"] }, slurm: { time } });
  }
});

Deno.test("a missing file and one that is no JSON are said by name", async () => {
  await assertRejects(
    () => readSweep("nowhere.json"),
    InvalidFileError,
    "Cannot read sweep: 1 problem (nowhere.json)",
  );
  await assertRejects(() => readSweep(join(projectRoot, "README.md")), InvalidFileError, "not JSON");
});

Deno.test("shares: every member is in exactly one; a share of three has one seed of every arm", () => {
  const all = members({ axes: { experiment: ["a", "b", "c"], seed: [1, 2, 3] } });
  const shares = [1, 2, 3].map((index) => shareOf(all, { index, count: 3 }));
  assertEquals(shares[1]!.map(({ label }) => label), ["a, seed 2", "b, seed 2", "c, seed 2"]);
  assertEquals(new Set(shares.flat()).size, 9);
  assertEquals(shareOf(all, parseShare("4/4")).map(({ label }) => label), ["b, seed 1", "c, seed 2"]);
  assertEquals(shareOf(all, parseShare("10/12")), []);
});

for (const text of ["", "0/3", "4/3", "1", "1/0", "a/b", "-1/2", "1.5/2", "1/2/3"]) {
  Deno.test(`share "${text}" is refused`, () => {
    assertThrows(
      () => parseShare(text),
      Error,
      `it must be i/n with i from 1 to n, current value is "${text}"`,
    );
  });
}
