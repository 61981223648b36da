import { assert, assertEquals } from "@std/assert";
import { bar, progressLine } from "../../../lib/runs/progress/progress_line.ts";
import type { Progress } from "../../../lib/training/recorder.ts";

const training: Progress = {
  stage: "partial_organ",
  step: 60,
  steps: 120,
  loss: { name: "own", value: 0.41234 },
  dice: { last: 0.731, best: 0.745 },
};
const line = (progress: Progress, width?: number, secondsLeft = 125) =>
  progressLine(progress, { secondsLeft, width });

Deno.test("a line says stage, step, loss, Dice and the time left; a bar where there is room", () => {
  const whole = "partial_organ  60/120  own 0.412  Dice 0.731, best 0.745  2 min 5 s left";
  assertEquals(line(training), whole);
  assertEquals(line(training, 100), `partial_organ  ${"━".repeat(12)}${"╌".repeat(12)}${whole.slice(13)}`);
});

Deno.test("parts that do not fit are left out in their order, and no line is too long", () => {
  const parts: [number, string][] = [
    [77, "partial_organ  60/120  own 0.412  Dice 0.731, best 0.745  2 min 5 s left"],
    [62, "partial_organ  60/120  own 0.412  Dice 0.731  2 min 5 s left"],
    [51, "partial_organ  60/120  Dice 0.731  2 min 5 s left"],
    [40, "partial_organ  60/120  2 min 5 s left"],
    [22, "partial_organ  60/120"],
    [10, "partial_o…"],
  ];
  for (const [width, text] of parts) assertEquals(line(training, width), text);
  const validating = { ...training, activity: "validating A 12/162" };
  for (let width = 1; width < 120; width++) {
    for (const one of [training, validating]) assert([...line(one, width)].length <= width, `${width}`);
  }
});

Deno.test("what goes on stands for the loss; nothing is said that is not known", () => {
  assertEquals(
    line({ ...training, activity: "validating A 3/9" }, Infinity, NaN),
    "partial_organ  60/120  validating A 3/9  Dice 0.731, best 0.745",
  );
  assertEquals(
    line({ stage: "figures", step: 2, steps: 0, activity: "drawing slices" }),
    "figures  drawing slices  2 min 5 s left",
  );
  assertEquals(line({ stage: "test", step: 9, steps: 9 }, 80, 0), `test  ${bar(1)}  9/9`);
  const unseen = { ...training, dice: { last: NaN, best: -Infinity } };
  assertEquals(line(unseen), "partial_organ  60/120  own 0.412  2 min 5 s left");
});
