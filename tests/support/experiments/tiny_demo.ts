/** The demo on the tiny cohort, one seed; its arms have the parameters of the other tests' arms. */
import { demo } from "../../../lib/commands/demo.ts";
import { lively, tinyCohort } from "./tiny_task.ts";

const values = Object.fromEntries(
  lively.map((setting) => setting.split("=")).map(([name, value]) => [name!, Number(value)]),
);

Deno.exit(await demo(["--seeds", "1"], { settings: { cohort: tinyCohort, ...values } }));
