import { assertAlmostEquals, assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import {
  candidateRules,
  decidePostprocessing,
  scoreCandidates,
} from "../../lib/inference/decide_postprocessing.ts";
import { takesAway } from "../../lib/models/postprocessing_rule.ts";
import { codesOf } from "../support/imaging/codes_of.ts";

const grid = { shape: [2, 3, 4] as [number, number, number], voxelMm3: 2 };

/** Organ 1: two voxels and one; organ 2: one voxel, and one. */
const prediction = "1100 0000 0000  0000 0001 2020";

const rulesOf = (organs: number[], smallestMm3?: number) =>
  new Map(organs.map((organ) => [organ, candidateRules(organ, smallestMm3)]));

Deno.test("an organ's candidates are nothing, the largest, a tenth of the smallest volume, and both", () => {
  assertEquals(candidateRules(3, 40).map(({ largest, minimumMm3 }) => [largest, minimumMm3]), [
    [false, 0],
    [true, 0],
    [false, 4],
    [true, 4],
  ]);
  assertEquals(candidateRules(3, undefined).map(({ largest, minimumMm3 }) => [largest, minimumMm3]), [
    [false, 0],
    [true, 0],
  ]);
  assertEquals(candidateRules(3, 40).map(takesAway), [false, true, true, true]);
});

interface Case {
  what: string;
  truth: string;
  labelSet: number[];
  /** By organ, of: nothing, the largest, 4 mm³ and more, both. */
  wanted: Record<number, number[]>;
}

const groups = { 201: [1, 2], 202: [1, 2, 3] };
const cases: Case[] = [
  {
    what: "a labelled organ alone is judged",
    truth: "1100 0000 0000  0000 0000 0000",
    labelSet: [1],
    // 2·2/(3 + 2), 2·2/(2 + 2)
    wanted: { 1: [0.8, 1, 1, 1] },
  },
  {
    what: "what is taken away may have been right",
    truth: "0000 0000 0000  0000 0001 0000",
    labelSet: [1],
    wanted: { 1: [0.5, 0, 0, 0] },
  },
  {
    what: "in neither truth nor what is left of the prediction",
    truth: "0000 0000 0000  0000 0000 0000",
    labelSet: [2],
    wanted: { 2: [0, 0, NaN, NaN] },
  },
  {
    what: "of a group that is labelled alone, the union counts; the other organ stays as predicted",
    truth: "9900 0000 0000  0000 0000 9000", // 9 stands for the group
    labelSet: [201],
    // Predicted are 3 of organ 1, 2 of organ 2; the group has 3: 2·3/8; without organ 1's far voxel 2·3/7; organ 2 all gone 2·2/6.
    wanted: { 1: [6 / 8, 6 / 7, 6 / 7, 6 / 7], 2: [6 / 8, 6 / 8, 4 / 6, 4 / 6] },
  },
  {
    what: "an organ's own label goes before its group's; the finest group before a coarser one",
    truth: "1100 0000 0000  0000 0000 9000",
    labelSet: [1, 201, 202],
    // The map shows the group where it shows organ 1, too.
    wanted: { 1: [0.8, 1, 1, 1], 2: [6 / 8, 6 / 8, 4 / 6, 4 / 6] },
  },
  { what: "nothing is labelled", truth: "0".repeat(24), labelSet: [], wanted: {} },
];

for (const { what, truth, labelSet, wanted } of cases) {
  Deno.test(`candidates' Dice: ${what}`, () => {
    const codes = codesOf(truth).map((code) => code === 9 ? 201 : code);
    const scores = scoreCandidates(codesOf(prediction), codes, {
      ...grid,
      labelSet,
      groups,
      candidates: rulesOf([1, 2], 40),
    });
    const byOrgan = Object.fromEntries(scores.map(({ organ, dice }) => [organ, dice]));
    assertEquals(Object.keys(byOrgan), Object.keys(wanted));
    for (const [organ, dice] of Object.entries(wanted)) {
      dice.forEach((value, i) => {
        if (Number.isNaN(value)) assertEquals(byOrgan[Number(organ)]![i], NaN);
        else assertAlmostEquals(byOrgan[Number(organ)]![i]!, value, 1e-12, `${what} ${organ} ${i}`);
      });
    }
  });
}

Deno.test("components are those of the whole prediction; what is ignored counts for no Dice", () => {
  // The single voxel is joined to the others by one that is ignored.
  const joined = codesOf("1100 0010 0000  0000 0001 0000");
  const truth = codesOf("1100 0000 0000  0000 0001 0000");
  truth[6] = IGNORED;
  const [score] = scoreCandidates(joined, truth, { ...grid, labelSet: [1], candidates: rulesOf([1]) });
  assertEquals(score, { organ: 1, dice: [1, 1] });
});

const decided: [what: string, dice: number[][], chosen: number, before: number, after: number][] = [
  ["a rise is taken", [[0.5, 0.6, 0.5, 0.6], [0.7, 0.7, 0.7, 0.7]], 1, 0.6, 0.65],
  ["a fall is not", [[0.5, 0.4, 0.5, 0.4], [0.7, 0.7, 0.7, 0.7]], 0, 0.6, 0.6],
  ["a tie is not", [[0.5, 0.5, 0.5, 0.5]], 0, 0.5, 0.5],
  ["a rise and a larger fall", [[0.5, 0.75, 0.5, 0.75], [0.75, 0.25, 0.75, 0.25]], 0, 0.625, 0.625],
  ["of two that rise, the higher", [[0.5, 0.6, 0.7, 0.6]], 2, 0.5, 0.7],
  ["of equal ones, the first", [[0.5, 0.7, 0.7, 0.7]], 1, 0.5, 0.7],
  ["both, where both help", [[0.5, 0.6, 0.6, 0.8]], 3, 0.5, 0.8],
  ["a false find that is gone leaves the mean", [[0.8, 0.8, 0.8, 0.8], [0, 0, NaN, NaN]], 2, 0.4, 0.8],
  ["absent from truth and prediction", [[NaN, NaN, NaN, NaN]], 0, NaN, NaN],
  ["nothing but false finds", [[0, 0, NaN, NaN]], 0, 0, 0],
  ["seen in no validation case", [], 0, NaN, NaN],
];

for (const [what, dice, chosen, before, after] of decided) {
  Deno.test(`the rule of an organ: ${what}`, () => {
    const candidates = rulesOf([4], 40);
    const others = [{ organ: 5, dice: [0, 1, 1, 1] }];
    const [decision, ...more] = decidePostprocessing(candidates, [
      ...dice.map((one) => ({ organ: 4, dice: one })),
      ...others,
    ]);
    assertEquals(more, []);
    assertEquals(decision!.rule, candidates.get(4)![chosen]);
    assertEquals(decision!.cases, dice.filter(([first]) => !Number.isNaN(first)).length);
    for (const [got, wanted] of [[decision!.before, before], [decision!.after, after]] as const) {
      if (Number.isNaN(wanted)) assertEquals(got, NaN);
      else assertAlmostEquals(got, wanted, 1e-12);
    }
  });
}
