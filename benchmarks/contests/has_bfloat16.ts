/**
 * Prints whether convolutions in bfloat16 are faster here than in float32: true or false.
 *
 * @module
 */
import { hasBfloat16 } from "../../lib/tensors/bfloat16.ts";

console.log(hasBfloat16());
