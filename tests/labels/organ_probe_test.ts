import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Shape } from "../../lib/imaging/volume.ts";
import { probeOrgan } from "../../lib/labels/organ_probe.ts";
import { fakeModel } from "../support/training/fake_model.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const shape: Shape = [6, 6, 6];

/** A scan of 6³ with an intensity in a block [2, 4) along each axis. */
function scan(intensity: number): { image: Float32Array; mask: Uint8Array } {
  const inside = (voxel: number) =>
    [Math.floor(voxel / 36), Math.floor(voxel / 6) % 6, voxel % 6].every((v) => v === 2 || v === 3);
  const mask = Uint8Array.from({ length: 216 }, (_, voxel) => +inside(voxel));
  return { image: Float32Array.from(mask, (value) => value * intensity), mask };
}

const common = { organ: 2, shape, window: [4, 4, 4] as Shape, copies: 2, seed: 1 };

Deno.test("the feature is the mean over the mask within one window about its centre", () => {
  const { image, mask } = scan(2);
  image[2 * 36 + 2 * 6 + 2] = 6;
  const owner = fakeModel("a", [2]);
  const { feature, agreement } = probeOrgan(image, mask, { ...common, copies: 0, owners: [owner] });
  assertEquals([...feature], [2.5, 1]);
  assert(Number.isNaN(agreement), "not asked");
  assertEquals(owner.calls(), 1);
});

Deno.test("a mask beyond the scan's end and a window larger than the scan are padded", () => {
  const { image, mask } = scan(2);
  const { feature } = probeOrgan(image, mask, {
    ...common,
    window: [8, 8, 8],
    copies: 0,
    owners: [fakeModel("a", [2])],
  });
  assertEquals([...feature], [2, 1]);
});

Deno.test("owners agree or not; disturbed copies are for a lone owner", () => {
  const { image, mask } = scan(2);
  const owner = () => fakeModel("a", [2]);
  const blind = fakeModel("b", [2], { sure: 0.1 });
  const agreement = (owners: ReturnType<typeof owner>[]) =>
    probeOrgan(image, mask, { ...common, owners }).agreement;
  assertEquals(agreement([owner(), owner()]), 1);
  assertEquals(agreement([owner(), blind]), 0);
  assertEquals(agreement([owner(), owner(), blind]), 0.5);
});

Deno.test("a lone owner is compared with copies disturbed by a seed", () => {
  // 2.3 is near the end of what the fake takes for organ 2: noise and contrast of a tenth push voxels over it.
  const { image, mask } = scan(2.3);
  const agreement = (seed: number) =>
    probeOrgan(image, mask, { ...common, seed, owners: [fakeModel("a", [2])] }).agreement;
  assert(agreement(1) > 0 && agreement(1) < 1);
  assertEquals(agreement(1), agreement(1));
  const sure = probeOrgan(scan(2).image, mask, { ...common, owners: [fakeModel("a", [2])] });
  assertAlmostEquals(sure.agreement, 1, 0.2);
});

Deno.test("a probe leaves no tensors", async () => {
  const { image, mask } = scan(2);
  const owner = fakeModel("a", [2]);
  await assertLeavesNoTensors(() => void probeOrgan(image, mask, { ...common, owners: [owner] }));
});
