import { assertEquals } from "@std/assert";
import { secondsLeft, type SweepTimes } from "../../../lib/runs/sweeps/time_left.ts";

const member = (experiment: string, seconds: number, left = NaN) => ({ experiment, seconds, left });
/** Not begun, and of unknown length. */
const open = (experiment: string, seconds = NaN) => ({ experiment, seconds });

for (
  const [what, times, seconds] of [
    [
      "nothing finished: not known",
      { finished: [], running: [member("a", 5)], open: [open("a")], jobs: 1 },
      NaN,
    ],
    ["all finished", { finished: [member("a", 5)], running: [], open: [], jobs: 2 }, 0],
    ["own experiment's mean", {
      finished: [member("a", 10), member("a", 20), member("b", 99)],
      running: [],
      open: [open("a")],
      jobs: 1,
    }, 15],
    ["the mean of all where its own has none", {
      finished: [member("a", 10), member("b", 30)],
      running: [],
      open: [open("c")],
      jobs: 1,
    }, 20],
    ["the rest of the running one", {
      finished: [member("a", 10)],
      running: [member("a", 4)],
      open: [open("a")],
      jobs: 1,
    }, 16],
    ["two at once", {
      finished: [member("a", 10)],
      running: [member("a", 4), member("a", 0)],
      open: [open("a"), open("a")],
      jobs: 2,
    }, 18],
    ["fewer members than jobs: as long as the longest", {
      finished: [member("a", 10), member("b", 50)],
      running: [member("a", 0), member("b", 0)],
      open: [],
      jobs: 8,
    }, 50],
    ["longer than expected is no negative time", {
      finished: [member("a", 10)],
      running: [member("a", 40)],
      open: [],
      jobs: 1,
    }, 0],
    ["nothing finished: the forecasts of running members and of plans", {
      finished: [],
      running: [member("a", 5, 30)],
      open: [open("a", 40), open("b", 50)],
      jobs: 1,
    }, 120],
    ["a running member's own forecast, but what finished members of an open one's experiment took", {
      finished: [member("a", 10)],
      running: [member("a", 4, 8)],
      open: [open("a", 99), open("b", 20)],
      jobs: 1,
    }, 38],
  ] as [string, SweepTimes, number][]
) {
  Deno.test(`time left: ${what}`, () => assertEquals(secondsLeft(times), seconds));
}
