/** Everything that is attacked. */
import { foreign } from "./foreign.ts";
import { ours } from "./ours.ts";

export const targets = [...ours, ...foreign];
