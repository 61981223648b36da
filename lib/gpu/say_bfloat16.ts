/**
 * A process that prints, as JSON, what is wrong where somebody wants bfloat16: null where the machine has it.
 *
 * @module
 */
import { missingBfloat16 } from "../tensors/bfloat16.ts";

console.log(JSON.stringify(missingBfloat16() ?? null));
