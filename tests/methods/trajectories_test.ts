/** What every method of the registry gives with its defaults; what else it must hold is in tests/conformance. */
import { assert, assertEquals } from "@std/assert";
import fixture from "../fixtures/trajectories.json" with { type: "json" };
import { methods } from "../../lib/methods/registry.ts";
import {
  inTinyWorld,
  type MethodTrajectory,
  methodTrajectory,
  versionsOf,
} from "../support/methods/conformance.ts";

/** As in tests/training/trajectory_test.ts, which says why. */
const TOLERANCE: Record<string, number> = { 10: 2e-6, 20: 4e-5 };

/** A cosine of features that nearly vanish, as some voxels' two do in the tiny network, blows rounding up so many times. */
const BLOWN_UP: Record<string, number> = { sentence_embeddings: 2000, uniseg: 10_000 };

const stored: Record<string, MethodTrajectory> = fixture;

for (const method of methods) {
  const { name } = method;

  Deno.test(`${name}: its twenty-step trajectory is as stored, or a version rose`, () =>
    inTinyWorld(async (world) => {
      const how = `write it anew: deno run -A tests/support/methods/conformance.ts ${name}`;
      assert(name in stored, `there is no trajectory of ${name}; ${how}`);
      const { versions, losses } = stored[name]!;
      assertEquals(versions, versionsOf(method), `a version rose; ${how}`);
      const now = await methodTrajectory(method, world);
      assertEquals(Object.keys(now.losses), Object.keys(losses));
      for (const [key, value] of Object.entries(losses)) {
        const step = key.split(" ").at(-2)!;
        const apart = Math.abs(now.losses[key]! - value);
        assert(
          apart <= TOLERANCE[step]! * (BLOWN_UP[name] ?? 1) * Math.max(1, Math.abs(value)),
          `${key} was ${value} and is ${now.losses[key]}: if that is meant, raise the version and ${how}`,
        );
      }
    }));
}
