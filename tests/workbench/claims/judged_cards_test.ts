import { assertEquals, assertRejects } from "@std/assert";
import { parseClaim } from "../../../lib/comparison/claims/claim.ts";
import type { ClaimCard } from "../../../lib/comparison/claims/judged_card.ts";
import { claimFigure } from "../../../lib/plots/claims/claim_figure.ts";
import { claimTable } from "../../../lib/plots/claims/claim_table.ts";
import { claimNames } from "../../../lib/workbench/choices.ts";
import { readClaims } from "../../../lib/workbench/claims/claim_cards.ts";
import { claimSweep } from "../../../lib/workbench/claims/claim_sweep.ts";
import { openRunsTable } from "../../../lib/workbench/claims/open_runs.ts";
import { judgeCards, judgeEach } from "../../../lib/workbench/claims/judged_cards.ts";
import { checkMembers } from "../../../lib/workbench/sweeps/sweep_members.ts";
import { claimJson } from "../../support/claims/claim_json.ts";
import { fakeScores, writeFinishedRun } from "../../support/runs/finished_run.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const scores = (dice: number) =>
  fakeScores({ Liver: Object.fromEntries(["a", "b", "c", "d"].map((name, i) => [name, dice + 0.001 * i])) });

function card(changes: Record<string, unknown> = {}): ClaimCard {
  const json = claimJson({
    cohort: "toy",
    seeds: [1, 2],
    arms: { late: { experiment: "mutual", rampUp: 0.5 }, alone: { experiment: "independent" } },
    outcome: { arm: "late", reference: "alone", direction: "more", smallestDifference: 0.01 },
    ...changes,
  });
  return { name: "toy", path: "toy.json", claim: parseClaim(json, "toy.json") };
}

const run = (results: string, experiment: string, seed: number, dice: number, others = {}) =>
  writeFinishedRun(results, {
    experiment,
    slug: `${experiment}_${seed}_${JSON.stringify(others).replace(/\W/g, "")}`,
    seed,
    parameters: { seed, cohort: "toy", ...others },
    rows: scores(dice),
  });

Deno.test("the shipped cards: every arm's experiment, parameters and cohort are good", async () => {
  for (const card of await readClaims()) {
    const members = await checkMembers(claimSweep(card), card.path);
    assertEquals(members.length, card.claim.seeds.length * Object.keys(card.claim.arms).length);
  }
  assertEquals((await readClaims()).map(({ name }) => name), await claimNames());
});

Deno.test("an arm of a card is its experiment with its parameters; other parameters and other seeds count nowhere", () =>
  withFolder(async (results) => {
    const judge = async () => (await judgeCards([card()], { results }))[0]!;
    assertEquals((await judge()).arms.map(({ missing }) => missing), [[1, 2], [1, 2]]);
    await run(results, "mutual", 1, 0.9, { rampUp: 0.5 });
    await run(results, "mutual", 1, 0.1, { rampUp: 0.2 });
    await run(results, "mutual", 2, 0.1);
    await run(results, "mutual", 3, 0.1, { rampUp: 0.5 });
    await run(results, "independent", 1, 0.8);
    await run(results, "independent", 2, 0.8);
    const lacking = await judge();
    assertEquals(lacking.judged, undefined);
    assertEquals(lacking.arms.map(({ missing }) => missing), [[2], []]);
    assertEquals(claimTable([lacking]).rows[0]!.at(-1), "not run: 1 of 4 runs missing");
    await run(results, "mutual", 2, 0.9, { rampUp: 0.5 });
    const whole = await judge();
    assertEquals(whole.judged?.verdict, "reproduced");
    const [, cohort, claimed, difference, , counts] = claimTable([whole]).rows[0]!;
    assertEquals([cohort, claimed, difference, counts], ["toy", "late above alone", "+0.100", 0.01]);
    assertEquals(claimFigure([whole]).data[0]!.x, [whole.judged!.difference.value / 0.01]);
  }));

Deno.test("an experiment that is none is an error, and so is an arm that was scored on other scans", () =>
  withFolder(async (results) => {
    const wrong = card({ arms: { late: { experiment: "mutaul" }, alone: { experiment: "independent" } } });
    await assertRejects(() => judgeCards([wrong], { results }), Error, "did you mean mutual?");
    for (const [experiment, hash] of [["mutual", "one"], ["independent", "other"]] as const) {
      await writeFinishedRun(results, {
        experiment,
        seed: 1,
        parameters: { seed: 1, ...experiment === "mutual" && { rampUp: 0.5 } },
        rows: scores(0.5),
        testHashes: { a: hash },
      });
    }
    await assertRejects(() => judgeCards([card({ seeds: [1] })], { results }), Error, "different ones");
    // What is wrong with a card keeps no other from its verdict.
    const { cards, problems } = await judgeEach([wrong, card({ seeds: [2] })], { results });
    assertEquals([cards.length, problems.length, problems[0]!.startsWith("toy: ")], [1, 1, true]);
  }));

Deno.test("a control whose own value counts may have been scored on other scans than the arms that are compared", () =>
  withFolder(async (results) => {
    const write = (experiment: string, dice: number, hash: string, cohort = "toy") =>
      writeFinishedRun(results, {
        cohort,
        experiment,
        seed: 1,
        parameters: { seed: 1 },
        rows: scores(dice),
        testHashes: { a: hash },
      });
    await write("mutual", 0.9, "one");
    await write("independent", 0.8, "one");
    await write("oracle", 0.95, "other", "other_toy");
    const arms = {
      late: { experiment: "mutual" },
      alone: { experiment: "independent" },
      bound: { experiment: "oracle", cohort: "other_toy" },
    };
    const gated = (gate: Record<string, unknown>) =>
      judgeCards([card({ seeds: [1], arms, gates: [{ arm: "bound", why: "it bounds", ...gate }] })], {
        results,
      });
    assertEquals((await gated({ atLeast: 0.9 }))[0]!.judged?.verdict, "reproduced");
    await assertRejects(() => gated({ reference: "alone", atLeast: 0 }), Error, "different ones");
    // Of one cohort all were.
    await write("oracle", 0.95, "other");
    const bound = { bound: { experiment: "oracle" } };
    await assertRejects(
      () => judgeCards([card({ seeds: [1], arms: { ...arms, ...bound } })], { results }),
      Error,
      "different ones",
    );
  }));

Deno.test("runs that are to be made are told arm by arm, with the minutes of their like", () =>
  withFolder(async (results) => {
    const minute = 60_000, begun = Date.parse("2026-01-01T00:00:00Z");
    for (const [seed, minutes] of [[8, 2], [9, 4]] as const) {
      const at = (time: number) => new Date(time).toISOString();
      await writeFinishedRun(results, {
        experiment: "mutual",
        slug: `seed_${seed}`,
        seed,
        parameters: { seed },
        rows: scores(0.5),
        attempts: [{
          started: at(begun),
          ended: at(begun + minutes * minute),
          status: "finished",
          host: "host",
          process: 1,
        }],
      });
    }
    const run = (experiment: string, seed: number, others = {}) => ({
      experiment,
      parameters: { seed, cohort: "toy", ...others },
    });
    const open = [run("mutual", 1), run("mutual", 2), run("mutual", 1, { rampUp: 0.5 }), run("oracle", 3)];
    const { caption, rows } = await openRunsTable(open, { results });
    assertEquals(caption, "4 runs are to be made");
    assertEquals(rows, [
      ["toy", "mutual", "1-2", "3.0"],
      ["toy", "mutual/ramp_up_0.5", "1", "3.0"],
      ["toy", "oracle", "3", null],
    ]);
  }));
