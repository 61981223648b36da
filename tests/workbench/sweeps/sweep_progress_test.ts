import { assertEquals } from "@std/assert";
import { SweepBook } from "../../../lib/workbench/sweeps/sweep_book.ts";
import type { SweepMemberState } from "../../../lib/workbench/sweeps/sweep_members.ts";
import { fit } from "../../../lib/workbench/sweeps/sweep_progress.ts";

for (
  const [label, text] of [["short", "short     "], ["exactly 10", "exactly 10"], [
    "mutual, λ = ½ ü",
    "mutua… ½ ü",
  ]] as const
) {
  Deno.test(`"${label}" in ten letters`, () => assertEquals(fit(label, 10), text));
}

Deno.test("the line of all members: what failed, and the time left by what finished members took", () => {
  const work = { kind: "training", done: 0, count: 10, passes: 1 };
  const attempts = [{ started: "2026-11-01T08:00:00Z", ended: "2026-11-01T08:02:00Z" }];
  const member = (label: string, state: string) =>
    ({
      label,
      experiment: "mutual",
      state,
      run: { record: { attempts } },
      plan: [{ stage: "a", work: [work] }],
      source: { data: { hash: "data" } },
    }) as unknown as SweepMemberState;
  const [a, b, c] = [member("a", "finished"), member("b", "stopped"), member("c", "open")];
  const book = new SweepBook([a, b, c], 1);
  assertEquals([book.finished, book.rest], [1, ", about 4 min 0 s left"]);
  book.begin(b);
  book.end({ member: b, status: "failed" });
  assertEquals([book.finished, book.rest], [1, ", 1 failed, about 2 min 0 s left"]);
  book.begin(c);
  book.putOff(c);
  assertEquals(book.rest, ", 1 failed, about 2 min 0 s left");
  assertEquals(new SweepBook([member("c", "open")], 1).rest, "");
});
