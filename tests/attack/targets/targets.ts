/** Everything that is attacked. */
import { clinics } from "./clinics.ts";
import { foreign } from "./foreign.ts";
import { ours } from "./ours.ts";

export const targets = [...ours, ...foreign, ...clinics];
