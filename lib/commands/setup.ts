/**
 * `deno task setup`: makes this machine ready. The other tasks depend on it.
 *
 * @module
 */
import { ensureSetup } from "../runtime/setup.ts";
import { SetupError } from "../runtime/setup_error.ts";

try {
  await ensureSetup();
  console.error("Consilium is set up.");
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
