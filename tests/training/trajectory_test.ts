import { assert, assertEquals } from "@std/assert";
import { engineVersion } from "../../lib/training/engine_version.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import fixture from "../fixtures/trajectory.json" with { type: "json" };
import { type Trajectory, trajectory } from "../support/training/trajectory.ts";

/**
 * Same bits are promised on one type of machine only: another processor adds in another order, and training amplifies
 * that. Losses of the first and of the second ten steps, relative to the larger of the loss and 1, were within 2.3e-7 and
 * 4.5e-6 of the fixture with AMX, AVX-512, AVX2, SSE 4.1 and without oneDNN, on two threads and on one. The largest is
 * always stage 2's similarity of model a: 2.4e-6, 2.4e-6, 1.8e-6, 4.5e-6 and 2.4e-6, on one thread 0.5e-6 to 2.7e-6; all others
 * are within 0.8e-6. Ten times as much is allowed.
 */
const TOLERANCE: Record<string, number> = { 10: 2e-6, 20: 4e-5 };

Deno.test("what the same parameters on the same data give has not changed, or engineVersion rose", async () => {
  await inTemporaryFolder(async (folder) => {
    const now = await trajectory(folder);
    const stored: Trajectory = fixture;
    const how = "deno run -A tests/support/training/trajectory.ts";
    assertEquals(
      stored.engineVersion,
      engineVersion,
      `engineVersion rose: write the trajectory anew (${how})`,
    );
    assertEquals(Object.keys(now.losses), Object.keys(stored.losses));
    for (const [name, value] of Object.entries(stored.losses)) {
      const step = name.split(" ")[2]!;
      const apart = Math.abs(now.losses[name]! - value);
      assert(
        apart <= TOLERANCE[step]! * Math.max(1, Math.abs(value)),
        `${name} was ${value} and is ${
          now.losses[name]
        }: if that is meant, raise engineVersion and write the ` +
          `trajectory anew (${how})`,
      );
    }
  });
});
