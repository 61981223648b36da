import { assertEquals } from "@std/assert";
import { armWarnings, readArms, scoresByArm } from "../../lib/runs/arms.ts";
import { fakeScores, writeFinishedRun } from "./finished_run.ts";
import { withFolder } from "./with_folder.ts";

const rows = (dice: number) => fakeScores({ Liver: { a: dice } });

async function writeStudy(results: string) {
  const seeded = (seed: number) => ({ seed, parameters: { seed, rampUp: 0.2 } });
  await writeFinishedRun(results, { experiment: "mutual", ...seeded(1), rows: rows(0.1) });
  await writeFinishedRun(results, { experiment: "mutual", ...seeded(1), version: 2, rows: rows(0.2) });
  await writeFinishedRun(results, { experiment: "mutual", slug: "seed_10", ...seeded(10), rows: rows(0.4) });
  await writeFinishedRun(results, { experiment: "mutual", slug: "seed_2", ...seeded(2), rows: rows(0.3) });
  await writeFinishedRun(results, {
    experiment: "mutual",
    slug: "seed_2-ramp_up_0.5",
    ...seeded(2),
    rows: rows(0.5),
  });
  await writeFinishedRun(results, { experiment: "independent", ...seeded(1), rows: rows(0.6) });
  await writeFinishedRun(results, { experiment: "nnunet", rows: rows(0.7) });
}

Deno.test("an arm is what differs in nothing but the seed: newest versions, seeds as numbers, the given order first", () =>
  withFolder(async (results) => {
    await writeStudy(results);
    const arms = await readArms("toy", { results, order: ["mutual"] });
    const seen = arms.map(({ name, rows }) => [name, ...rows.map(({ seed, dice }) => [seed, dice])]);
    assertEquals(seen, [
      ["mutual", [1, 0.2], [2, 0.3], [10, 0.4]],
      ["mutual/ramp_up_0.5", [2, 0.5]],
      ["independent", [1, 0.6]],
      ["nnunet", [undefined, 0.7]],
    ]);
    assertEquals(arms[0].runs.map(({ name }) => name), [
      ...["toy/mutual/default/v002", "toy/mutual/seed_2/v001", "toy/mutual/seed_10/v001"],
    ]);
    assertEquals(Object.keys(scoresByArm(arms)).length, 4);
    assertEquals(armWarnings(arms), []);
  }));

Deno.test("runs whose slug was cut are one arm, too", () =>
  withFolder(async (results) => {
    for (const seed of [2, 11]) {
      const slug = `seed_${seed}-${"x".repeat(87 - `seed_${seed}-`.length)}-${seed}2345678`.slice(0, 96)
        .padEnd(96, "0");
      await writeFinishedRun(results, {
        experiment: "mutual",
        slug,
        seed,
        parameters: { seed, x: 1 },
        rows: rows(0.5),
      });
    }
    const arms = await readArms("toy", { results });
    assertEquals(
      arms.map(({ runs }) => runs.length),
      [2],
    );
  }));

Deno.test("what makes runs unequal is said", () =>
  withFolder(async (results) => {
    await writeFinishedRun(results, { experiment: "a", seed: 1, rows: rows(0.5) });
    await writeFinishedRun(results, {
      experiment: "a",
      slug: "seed_2",
      seed: 2,
      dataHash: "x",
      rows: rows(0.5),
    });
    await writeFinishedRun(results, { experiment: "b", methodVersion: 2, rows: rows(0.5) });
    assertEquals(armWarnings(await readArms("toy", { results })), [
      "Runs of method versions 1 and 2 stand side by side.",
      "Seeds of a were not trained and tested on the same data.",
    ]);
  }));
