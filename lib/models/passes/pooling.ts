/**
 * Means over voxels, by which a head may see what the whole volume shows.
 *
 * @module
 */
import {
  attribute,
  FLOAT32,
  type Handle,
  integers,
  type KernelScope,
  OF_FLOAT32,
  scalar,
} from "../../tensors/kernels.ts";
import { attributesOf, cast, reshaped, sizesOf, typeOf } from "../layers.ts";
import { freeing, inType } from "./consuming.ts";

/** Of x, [batch, depth, height, width, channel], the mean over voxels, [batch, channel], float32. */
export function pooled(scope: KernelScope, x: Handle): Handle {
  const attributes = attributesOf("mean over voxels", () => [
    attribute("T", "type", FLOAT32),
    attribute("Tidx", "type", integers([1, 2, 3]).dtype),
    attribute("keep_dims", "bool", false),
  ]);
  const mean = (x: Handle) => scope.run("Mean", [x, integers([1, 2, 3])], attributes)[0];
  if (x.dtype === FLOAT32) return mean(x);
  const full = cast(scope, x, FLOAT32);
  return freeing(scope, [full], mean(full));
}

/** The gradient by x: `dy`, from elsewhere, and at each voxel the share of that by the mean. Takes both over. */
export function withPooledGradient(scope: KernelScope, dy: Handle, byMean: Handle): Handle {
  const [batch, depth, height, width, channels] = sizesOf(dy);
  const voxels = scalar(scope, depth * height * width);
  const share = freeing(scope, [byMean, voxels], scope.run("RealDiv", [byMean, voxels], OF_FLOAT32)[0]);
  const everywhere = inType(scope, reshaped(scope, share, [batch, 1, 1, 1, channels]), dy.dtype);
  return freeing(scope, [dy, everywhere], scope.run("AddV2", [dy, everywhere], typeOf(dy.dtype))[0]);
}
