import { assertEquals } from "@std/assert";
import { centreFeatures, ENOUGH_FEATURES, type OwnedFeature } from "../../lib/labels/centre_features.ts";

const owned = (dataset: string, values: number[]): OwnedFeature[] =>
  values.map((value) => ({ dataset, feature: [value, 10 * value] }));

Deno.test("features are centred on the median of their own dataset, channel by channel", () => {
  const features = [...owned("a", [1, 2, 3, 4, 100]), ...owned("b", [7, 7, 7, 7, 8, 8])];
  const at = (values: number[]) => values.map((value) => [value, 10 * value]);
  assertEquals(centreFeatures(features), at([-2, -1, 0, 1, 97, 0, 0, 0, 0, 1, 1]));
});

Deno.test("the order of datasets' features does not count", () => {
  const mixed = owned("a", [1, 2, 3, 4, 5]).flatMap((one, i) => [one, ...owned("b", [i])]);
  assertEquals(centreFeatures(mixed).map((feature) => feature![0]), [-2, -2, -1, -1, 0, 0, 1, 1, 2, 2]);
});

Deno.test("a dataset with few features has no median", () => {
  assertEquals(ENOUGH_FEATURES, 5);
  const [first, ...others] = centreFeatures([...owned("few", [1, 2, 3, 4]), ...owned("a", [0, 0, 0, 0, 2])]);
  assertEquals(first, undefined);
  assertEquals(others.slice(0, 3), [undefined, undefined, undefined]);
  assertEquals(others.at(-1), [2, 20]);
});

Deno.test("a feature without a number takes it from its dataset alone", () => {
  const features = [...owned("a", [1, 2, NaN, 4, 5]), ...owned("b", [1, 2, 3, 4, 5])];
  assertEquals(centreFeatures(features).map((feature) => Number.isNaN(feature![0])), [
    ...Array(5).fill(true),
    ...Array(5).fill(false),
  ]);
});
