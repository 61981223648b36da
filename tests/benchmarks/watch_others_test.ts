import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { othersShare, watchOthers } from "../../benchmarks/harness/watch_others.ts";

/** What Linux says of a process and of the processors. */
function times(
  own: [user: number, system: number, childrenUser: number, childrenSystem: number],
  all: number[],
) {
  return `7 (a ) b 9 9) S 1 7 7 0 -1 4194304 99 99 99 99 ${own.join(" ")} 20 0 5 0 99 99 99\ncpu  ${
    all.join(" ")
  } 9 9\ncpu0 1`;
}

const before = times([10, 20, 30, 40], [1000, 0, 500, 9000, 100, 0, 0, 0]);

Deno.test("others' share is the busy time that neither this process nor its children used", () => {
  // 60 + 40 + 5 + 15 busy of 200, of which 70 are our own.
  const after = times([20, 30, 60, 60], [1060, 0, 540, 9070, 110, 0, 5, 15]);
  assertAlmostEquals(othersShare(before, after), 50 / 200);
});

Deno.test("others' share is zero where all is our own, or no time has passed", () => {
  assertEquals(othersShare(before, times([110, 20, 30, 40], [1090, 0, 500, 9110, 100, 0, 0, 0])), 0);
  assertEquals(othersShare(before, before), 0);
});

Deno.test("Linux says what is expected of it", async () => {
  const others = await watchOthers();
  await new Promise((done) => setTimeout(done, 200));
  const share = await others();
  assert(share >= 0 && share <= 1, `${share}`);
});
