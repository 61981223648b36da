/** A process that attacks one target and prints a line of JSON for each input: `worker.ts <target> <seed> <from> <to> [<folder of what is kept>]`. */
import { assault } from "./assault.ts";
import { targets } from "./targets/targets.ts";

const tell = (value: unknown) =>
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
// What readers and runs say to people is no answer.
console.log = console.warn = () => {};

const [name, seed, from, to, keep] = Deno.args;
const target = targets.find((one) => one.name === name);
if (!target) throw new Error(`Cannot attack: there is no target ${name}`);
const folder = await Deno.makeTempDir({ prefix: "consilium_attack_" });
try {
  tell("ready");
  const options = { seed: Number(seed), from: Number(from), to: Number(to), folder, keep };
  for await (const input of assault(target, options)) tell(input);
} finally {
  await Deno.remove(folder, { recursive: true });
}
