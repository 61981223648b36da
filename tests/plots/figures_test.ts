import { assert, assertEquals, assertThrows } from "@std/assert";
import { pseudoLabelTable } from "../../lib/plots/training/pseudo_label_table.ts";
import { compareArms } from "../../lib/comparison/compare_arms.ts";
import { armComparison, armDifferences } from "../../lib/plots/arms/arm_comparison.ts";
import type { Figure } from "../../lib/plots/figure.ts";
import { organBars } from "../../lib/plots/arms/organ_bars.ts";
import { organBoxes } from "../../lib/plots/arms/organ_boxes.ts";
import { organDice } from "../../lib/plots/arms/organ_dice.ts";
import { pseudoLabelQuality } from "../../lib/plots/training/pseudo_label_quality.ts";
import { figureToSvg } from "../../lib/plots/rendering/render_svg.ts";
import { stageCurves } from "../../lib/plots/training/stage_curves.ts";
import { teacherFigure } from "../../lib/plots/training/teacher_figure.ts";
import { trainingCurves } from "../../lib/plots/training/training_curves.ts";
import { ORGANS, scores, textsOf } from "../support/plots/scores.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };

const history = ["partial_organ", "full_organ"].flatMap((stage) =>
  ["site_a", "site_b"].flatMap((model) =>
    Array.from({ length: 60 }, (_, step) => ({
      stage,
      model,
      step: step + 1,
      learningRate: 0.01,
      seconds: step,
      terms: {
        own: 1 / (step + 1),
        ...stage === "full_organ" ? { prediction_similarity: step === 3 ? NaN : 2 / (step + 1) } : {},
        ...step % 20 === 19 ? { validation_dice: step / 60 } : {},
      },
    }))
  )
);
const pseudo = ORGANS.flatMap((organ) =>
  [0, 1, 2].map((c) => ({
    case: `case_${c}`,
    organ,
    kept: c > 0,
    filter: c > 0 ? "" : "volume",
    dice: 0.4 + 0.2 * c,
  }))
);
const lessons = [
  { teacher: "site_a", student: "site_b", organ: "Brainstem", lessons: 3, dataset: "site_a" },
  { teacher: "site_b", student: "site_a", organ: "Mandible", lessons: 1, dataset: "site_a" },
  { teacher: "site_b", student: "site_a", organ: "Brainstem", lessons: 0, dataset: "site_a" },
];

/** The reference and ten others, more than fit side by side, of seven cases, which a test can tell apart. */
const many = compareArms(Object.fromEntries(
  ["mutual", ...Array.from({ length: 10 }, (_, index) => `arm_${index}`)].map((name, index) => [
    name,
    Array.from({ length: 7 }, (_, i) => ({
      case: `${i}`,
      dataset: "full",
      organ: "Liver",
      dice: 0.5 + 0.02 * index + 0.001 * i * index,
      hd95: 1,
    })),
  ]),
));

/** [figure, texts its picture must show] */
const cases: Record<string, [Figure, string[]]> = {
  "one arm's Dice": [
    organDice(scores(), { organs: ORGANS }),
    [...ORGANS.map((organ) => `${organ} n = 5`), "Dice (0–1)", "0.80", "1.00", "0.766"],
  ],
  "Dice of several arms": [
    organDice({ mutual: scores(), independent: scores(-0.1) }),
    [...ORGANS.map((organ) => `${organ} n = 5`), "mutual", "independent", "Dice (0–1)"],
  ],
  "comparison of arms": [
    armComparison(compareArms({ mutual: scores(), independent: scores(-0.1) })),
    [...ORGANS, "mean", "mutual", "independent", "Dice (0–1)"],
  ],
  "bars of organs": [
    organBars(compareArms({ mutual: scores(), independent: scores(-0.1) })),
    [...ORGANS, "mutual", "independent", "Dice (0–1)", "0.0", "1.0"],
  ],
  "many arms": [armComparison(many), ["mutual", "arm_0", "arm_9", "Liver", "mean", "Dice"]],
  "differences of many arms": [
    armDifferences(many),
    // p = 2 / 2⁷, of ten arms 0.16: no stars
    ["arm_0", "arm_9", "Liver", "mean", "Dice difference"],
  ],
  "differences of arms": [
    armDifferences(compareArms({ mutual: scores(), independent: scores(-0.1) })),
    [...ORGANS, "mean", "independent", "Dice minus mutual"],
  ],
  "differences of HD95": [
    armDifferences(compareArms({ mutual: scores(), independent: scores(-0.1) }, { metric: "hd95" })),
    [...ORGANS, "independent", "HD95 minus mutual (mm)"],
  ],
  "training curves": [
    trainingCurves(history),
    [
      "partial_organ",
      "full_organ",
      "own",
      "prediction similarity",
      "validation dice",
      "step",
      "site_a",
      "site_b",
    ],
  ],
  "a stage's curves": [
    stageCurves(history.filter(({ stage }) => stage === "full_organ")),
    ["full_organ", "own", "prediction similarity", "validation dice", "step", "site_a", "site_b"],
  ],
  "quality of pseudo labels": [
    pseudoLabelQuality(pseudo, { organs: ORGANS }),
    [...ORGANS, "kept", "dropped: volume", "pseudo labels (cases)", "Dice with the hidden truth (0–1)"],
  ],
  "teachers": [
    teacherFigure(lessons, { organs: ORGANS }),
    ["site_a", "site_b", "Brainstem", "Mandible", "teacher", "student", "organ", "1.00"],
  ],
};

for (const [name, [figure, expected]] of Object.entries(cases)) {
  Deno.test(`${name}: the picture shows its labels`, lasting, async () => {
    const texts = await textsOf(await figureToSvg(figure));
    for (const text of expected) {
      assert(texts.includes(text), `"${text}" is not among ${JSON.stringify(texts)}`);
    }
    assertEquals(figure.data, JSON.parse(JSON.stringify(figure.data)));
    assert(figure.layout.height > 0);
  });
}

Deno.test("an undefined score is left out and counted, a missed organ is zero", () => {
  const rows = [
    { case: "a", dataset: "full", organ: "Liver", dice: NaN, hd95: NaN },
    { case: "b", dataset: "full", organ: "Liver", dice: 0, hd95: Infinity },
    { case: "c", dataset: "full", organ: "Liver", dice: 0.8, hd95: 2 },
  ];
  const { data, layout } = organDice(rows);
  assertEquals(data[0]?.y, [0, 0.8]);
  const { text } = layout.title as { text: string };
  assert(text.includes("Left out") && text.includes("Liver 1"), text);
});

Deno.test("seeds of a case are one point, their mean", () => {
  const row = (name: string, seed: number, dice: number) => ({
    case: name,
    dataset: "full",
    organ: "Liver",
    seed,
    dice,
    hd95: 1,
  });
  const { data, layout } = organDice([
    row("a", 1, 0.5),
    row("a", 2, 0.75),
    row("b", 1, 0.25),
    row("b", 2, NaN),
  ]);
  assertEquals(data[0]?.y, [0.625, 0.25]);
  assert((layout.title as { text: string }).text.includes("the mean over its seeds"));
});

Deno.test("missed distances stand on a line above all others, and the median counts them", () => {
  const rows = [2, 10, Infinity].map((hd95, i) => ({
    case: `${i}`,
    dataset: "full",
    organ: "Liver",
    dice: 0.5,
    hd95,
  }));
  const { data, layout } = organBoxes(rows, { metric: "hd95" });
  assertEquals([data[0]?.y, data[0]?.boxmean], [[2, 10, 10.8], false]);
  // The place of a miss is no distance.
  assertEquals(data[0]?.text, ["Liver, 0: 2.0", "Liver, 1: 10.0", "Liver, 2: missed"]);
  assertEquals((layout.shapes as { y0: number }[])[0]?.y0, 10.8);
  assertEquals((layout.annotations as { text: string }[])[0]?.text, "<b>10.0</b>");
  assert((layout.title as { text: string }).text.includes("counts as larger than any number"));
  const comparison = compareArms({ mutual: rows, worse: rows.map((row) => ({ ...row, hd95: Infinity })) }, {
    metric: "hd95",
  });
  const figure = armComparison(comparison);
  assertEquals(figure.data[1]?.y, [null, null]);
  assert(
    (figure.layout.title as { text: string }).text.includes(
      "Not drawn, the organ being missed in most cases: 2 of 4",
    ),
  );
});

Deno.test("stars stand at the end of an interval, in the row of their arm", () => {
  const arm = (dice: number) =>
    Array.from(
      { length: 12 },
      (_, i) => ({ case: `${i}`, dataset: "full", organ: "Liver", dice: dice + 0.001 * i * dice, hd95: 1 }),
    );
  const others = Array.from({ length: 10 }, (_, index) => [`arm_${index}`, arm(index === 3 ? 0.8 : 0.5)]);
  const comparison = compareArms({ mutual: arm(0.5), ...Object.fromEntries(others) });
  const [, stars] = armDifferences(comparison).data;
  assertEquals(stars!.text, others.map((_, index) => index === 3 ? "***" : ""));
  assertEquals((stars!.x as number[])[3], comparison.arms[4]!.organs[0]!.difference!.high);
});

Deno.test("an organ keeps its colour when others are absent", () => {
  const colour = (organs: string[]) => {
    const { data } = organDice(scores(0, { organs }), { organs: ORGANS });
    return (data.find(({ name }) => name === "LeftParotid")!.line as { color: string }).color;
  };
  assertEquals(colour(ORGANS), colour(["LeftParotid"]));
});

Deno.test("names of organs, arms and models that nothing has are errors that name the nearest", () => {
  const rows = scores();
  const pseudo = [{ case: "1", organ: "Liver", kept: true, filter: "", dice: 0.5 }];
  const history = [{
    stage: "s",
    model: "liver_set",
    step: 1,
    learningRate: 1,
    seconds: 0,
    terms: { own: 1 },
  }];
  const colours = { Mandibel: "#000000" };
  const taught = lessons[0]!.organ;
  const wrong: [() => unknown, string][] = [
    [() => organBoxes(rows, { colours }), "did you mean Mandible?"],
    [() => organBars(compareArms({ mutual: rows }), { colours }), "did you mean Mandible?"],
    [
      () => organBoxes({ mutual: rows, pooled: rows }, { colours: { mutal: "#000000" } }),
      "did you mean mutual?",
    ],
    [() => armComparison(compareArms({ mutual: rows }), { colours: { mutal: "#000000" } }), "mean mutual?"],
    [() => trainingCurves(history, { colours: { liver_sett: "#000000" } }), "did you mean liver_set?"],
    [() => pseudoLabelQuality(pseudo, { organs: ["Livr"] }), "did you mean Liver?"],
    [() => pseudoLabelTable({ mutual: pseudo }, { organs: ["Livr"] }), "did you mean Liver?"],
    [() => teacherFigure(lessons, { organs: [`${taught}x`] }), `did you mean ${taught}?`],
  ];
  for (const [draw, message] of wrong) assertThrows(draw, Error, message);
  // A study has organs that no pseudo label is of.
  pseudoLabelQuality(pseudo, { organs: ["Liver", "Spleen"] });
});

Deno.test("long histories become short curves that keep their spikes", () => {
  const rows = Array.from({ length: 5000 }, (_, step) => ({
    stage: "s",
    model: "m",
    step,
    learningRate: 1,
    seconds: 0,
    terms: { own: step === 2501 ? 99 : 1 },
  }));
  const raw = trainingCurves(rows).data[0]!.y as number[];
  assert(raw.length <= 400 && raw.includes(99));
});

Deno.test("shares of teaching sum to one in each column; rows without lessons do not count", () => {
  const [students] = teacherFigure(lessons).data;
  assertEquals(students?.z, [[0, 1], [1, 0]]);
});

for (
  const [name, draw] of Object.entries({
    "plot Dice per organ": () => organDice([]),
    "plot training curves": () => trainingCurves([]),
  })
) {
  Deno.test(`cannot ${name} without rows`, () => {
    assertThrows(draw, Error, `Cannot ${name}`);
  });
}
