import { assertEquals } from "@std/assert";
import type { Parameters } from "../../../lib/runs/notebooks/parameters.ts";
import { runSlug } from "../../../lib/runs/folder/slug.ts";

const defaults: Parameters = {
  cohort: "phantom",
  seed: 1,
  learningRate: 0.003,
  quick: false,
  useFD: true,
  from: "",
};
const declared = Object.entries(defaults).map(([name, value]) => ({ name, value, meaning: "" }));

for (
  const [given, slug] of [
    [{}, "default"],
    [{ cohort: "head_neck" }, "default"],
    [{ cohort: "head_neck@2/5" }, "fold_2_of_5"],
    [{ cohort: "own/x.json@1/10", seed: 2 }, "fold_1_of_10-seed_2"],
    [{ seed: 2 }, "seed_2"],
    [{ learningRate: 0.01, seed: 2 }, "seed_2-learning_rate_0.01"],
    [{ quick: true }, "quick_true"],
    [{ useFD: false }, "use_fd_false"],
    [{ learningRate: 1e-7 }, "learning_rate_1e-7"],
    [{ from: "../a b/ü" }, "from_.._a_b__"],
  ] as [Parameters, string][]
) {
  Deno.test(`slug ${slug} of ${JSON.stringify(given)}`, async () => {
    assertEquals(await runSlug({ ...defaults, ...given }, declared), slug);
  });
}

Deno.test("a long slug is cut and stays distinct", async () => {
  const slug = (end: string) => runSlug({ ...defaults, from: "x".repeat(300) + end }, declared);
  const [a, b] = [await slug("a"), await slug("b")];
  assertEquals([a.length, b.length, a === b], [96, 96, false]);
});
