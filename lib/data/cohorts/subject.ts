/**
 * Who is in a scan: cases of one person must stay on one side of every split.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { SubjectRule } from "./cohort.ts";
import type { DatasetCase } from "../datasets/dataset.ts";

/**
 * The subject of a case: what the dataset says, else what the rule reads from the id, else the id.
 *
 * With `blockOf` n, numbers 1…n are one subject, n+1…2n the next: for datasets that number the scans of one person
 * consecutively without saying so.
 *
 * @throws when the rule's pattern does not match the id
 */
export function subjectOf(scan: Pick<DatasetCase, "id" | "subject">, rule?: SubjectRule): string {
  if (scan.subject !== undefined) return scan.subject;
  if (!rule) return scan.id;
  const group = new RegExp(rule.pattern).exec(scan.id)?.[1];
  if (group === undefined) {
    throw new Error(
      `Cannot tell the subject: pattern ${rule.pattern} must match the case id, which is ${scan.id}`,
    );
  }
  if (rule.blockOf === undefined) return group;
  const number = Number(group);
  if (!/^\d+$/.test(group)) {
    throw new Error(
      `Cannot tell the subject: the pattern's group must be a number, is ${group} (case ${scan.id})`,
    );
  }
  return `block ${Math.floor((number - 1) / rule.blockOf) + 1} of ${rule.blockOf}`;
}

/** A number in [0, 1) from a seed and a text: the first 48 bits of a SHA-256, so equal on every machine. */
export function hashFraction(seed: number | string, text: string): number {
  const digest = createHash("sha256").update(`${seed}:${text}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
