/**
 * `deno task bench-setup`: installs what `deno task bench` measures Consilium against.
 *
 * @module
 */
import { ensurePeers } from "../runtime/peers.ts";
import { SetupError } from "../runtime/setup_error.ts";

try {
  await ensurePeers();
  console.error("The benchmarks' peers are set up: deno task bench.");
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
