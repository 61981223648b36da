import { assertEquals } from "@std/assert";
import { formatTime, stageClock } from "../../lib/commands/stage_clock.ts";
import { SweepBook } from "../../lib/commands/sweep_book.ts";
import type { SweepMemberState } from "../../lib/commands/sweep_members.ts";
import { fit } from "../../lib/commands/sweep_progress.ts";

Deno.test("a stage's time left is judged by the steps since the clock first saw it", () => {
  let now = 0;
  const left = stageClock(() => now);
  const at = (seconds: number, stage: string, step: number) => {
    now = seconds;
    return left({ stage, step, steps: 100, note: "" });
  };
  assertEquals(at(0, "first", 40), NaN); // resumed there
  assertEquals(at(10, "first", 60), 20);
  assertEquals(at(30, "first", 100), 0);
  assertEquals(at(30, "second", 1), NaN);
  assertEquals(at(31, "second", 2), 98);
});

for (
  const [seconds, text] of [[NaN, "…"], [3.4, "3 s"], [99, "99 s"], [100, "1 min 40 s"], [
    5999,
    "99 min 59 s",
  ], [
    6000,
    "1 h 40 min",
  ]] as [number, string][]
) {
  Deno.test(`${seconds} s are ${text}`, () => assertEquals(formatTime(seconds), text));
}

for (
  const [label, text] of [["short", "short     "], ["exactly 10", "exactly 10"], [
    "mutual, λ = ½ ü",
    "mutua… ½ ü",
  ]]
) {
  Deno.test(`"${label}" in ten letters`, () => assertEquals(fit(label, 10), text));
}

Deno.test("the line of all members: what failed, and the time left by what finished members took", () => {
  const attempts = [{ started: "2026-11-01T08:00:00Z", ended: "2026-11-01T08:02:00Z" }];
  const member = (label: string, state: string) =>
    ({ label, experiment: "mutual", state, run: { record: { attempts } } }) as unknown as SweepMemberState;
  const members = [member("a", "finished"), member("b", "stopped"), member("c", "open")];
  const book = new SweepBook(members, 1);
  assertEquals([book.finished, book.rest], [1, ", about 4 min 0 s left"]);
  book.begin(members[1]);
  book.end({ member: members[1], status: "failed" });
  assertEquals([book.finished, book.rest], [1, ", 1 failed, about 2 min 0 s left"]);
  book.begin(members[2]);
  book.putOff(members[2]);
  assertEquals(book.rest, ", 1 failed, about 2 min 0 s left");
  assertEquals(new SweepBook([member("c", "open")], 1).rest, "");
});
