/**
 * What the scripts of all engines are made of that run the shares of a sweep.
 *
 * @module
 */
import type { SlurmSection } from "./slurm_section.ts";

/** What may run a sweep's shares. */
export const engines = ["slurm", "k8s", "sge", "pbs", "shell"] as const;

export type Engine = typeof engines[number];

export interface SweepScriptOptions {
  /** The sweep's name, whatever letters it has. */
  name: string;
  /** The program `consilium`. */
  consilium: string;
  /** Number of shares. */
  count: number;
  /** What a task wants. */
  wants: SlurmSection;
  /** How often a share that has crashed is begun again. */
  retries: number;
  /** Environment variables of the tasks. @default none */
  env?: Readonly<Record<string, string>> | undefined;
}

/** A name that every batch system takes, of letters, digits and `_`. */
export function jobName(name: string): string {
  return `consilium_${name.replace(/\W+/g, "_")}`.replace(/_+$/, "").slice(0, 60);
}

/**
 * A comment on what the section has and an engine has not; nothing where there is none.
 *
 * @param lacking names of the section
 */
export function leftOut(wants: SlurmSection, lacking: readonly (keyof SlurmSection)[]): string {
  const given = lacking.filter((name) => ![wants[name]].flat().every((value) => value === undefined));
  return given.length === 0
    ? ""
    : `# Left out of the sweep's section, since it is Slurm's: ${given.join(", ")}\n`;
}
