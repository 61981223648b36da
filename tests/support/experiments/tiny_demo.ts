/** The demo on the tiny cohort; its arms have the parameters of the other tests' arms. */
import { demo } from "../../../lib/commands/demo.ts";
import { lively, tinyCohort } from "./tiny_task.ts";

Deno.exit(await demo([], { settings: [`cohort=${tinyCohort}`, ...lively] }));
