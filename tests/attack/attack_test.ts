import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../lib/data/random.ts";
import { FAULTS } from "./assault.ts";
import { mutate } from "./mutations.ts";
import type { Target } from "./target.ts";
import { targetNames } from "./targets/names.ts";
import { runsUnderFaults } from "./runs_under_faults.ts";
import { targets } from "./targets/targets.ts";
import { assault } from "./assault.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";

for (const target of targets) {
  Deno.test(`damaged: ${target.name}`, () =>
    inTempFolder(async (folder) => {
      // Another damage each day would find more, and fail for nobody's fault.
      for await (const input of assault(target, { seed: 7, from: 0, to: 250, folder })) {
        assert(!FAULTS.includes(input.outcome), JSON.stringify(input));
      }
    }));
}

Deno.test("damaged: runs, between their starts and while they write", async () => {
  for await (const input of runsUnderFaults({ seed: 7, inputs: 12 })) {
    assert(!FAULTS.includes(input.outcome), JSON.stringify(input));
  }
});

Deno.test("an attack sees an answer that is wrong, an error without its file, and what is not made again", () =>
  inTempFolder(async (folder) => {
    const outcomes = async (owes: Target["owes"], read: (text: string) => string) => {
      const path = `${folder}/a.json`;
      const target: Target = {
        name: "toy",
        owes,
        async prepare() {
          await Deno.writeTextFile(path, '{ "a": 1, "b": [2, 3] }\n');
          return { files: [{ path, form: "text" }], read: async () => read(await Deno.readTextFile(path)) };
        },
      };
      return new Set(
        (await Array.fromAsync(assault(target, { seed: 1, from: 0, to: 60, folder }))).map((one) =>
          one.outcome
        ),
      );
    };
    assertEquals(await outcomes("ours", (text) => text), new Set(["wrong"]));
    assertEquals(await outcomes("foreign", (text) => text), new Set(["read"]));
    assertEquals(await outcomes("ours", () => "always"), new Set(["same"]));
    const strict = (told: string) => (text: string) => {
      if (text !== '{ "a": 1, "b": [2, 3] }\n') throw new Error(told);
      return text;
    };
    assertEquals(await outcomes("ours", strict("It is damaged (a.json)")), new Set(["refused"]));
    assertEquals(await outcomes("ours", strict("x is undefined")), new Set(["unnamed"]));
    assertEquals(await outcomes("remade", strict("It is damaged (a.json)")), new Set(["stuck"]));
  }));

Deno.test("damage is the seed's: the same once more", () => {
  const bytes = new TextEncoder().encode('{\n  "a": 1,\n  "b": [2, 3]\n}\n');
  const all = (key: number) =>
    Array.from(
      { length: 200 },
      (_, index) => mutate(bytes, { form: "text", random: createRandom(key, index) }),
    );
  assertEquals(all(1), all(1));
  assertEquals(new Set(all(1).map(({ kind }) => kind)).size, 13, "every kind comes");
});

Deno.test("the command knows every target", () => assertEquals(targets.map(({ name }) => name), targetNames));
