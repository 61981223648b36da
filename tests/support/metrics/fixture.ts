/** The answers of MONAI and DeepMind's surface-distance on small masks; tests/peers/metrics.py makes them. */
import fixture from "../../fixtures/metrics.json" with { type: "json" };
import type { Shape, Spacing } from "../../../lib/imaging/volume.ts";
import type { Scores } from "../../../lib/metrics/metric.ts";

export interface PeerCase {
  name: string;
  shape: Shape;
  spacing: Spacing;
  toleranceMm: number;
  prediction: Uint8Array;
  truth: Uint8Array;
  /** Dice, HD95 and ASSD of MONAI, NSD of surface-distance. */
  scores: Pick<Scores, "dice" | "hd95" | "assd" | "nsd">;
}

export const peerCases: PeerCase[] = fixture.cases.map((peer) => ({
  name: peer.name,
  shape: peer.shape as Shape,
  spacing: peer.spacing as Spacing,
  toleranceMm: peer.toleranceMm,
  prediction: maskOf(peer.prediction, peer.shape as Shape),
  truth: maskOf(peer.truth, peer.shape as Shape),
  scores: {
    dice: Number(peer.dice),
    hd95: Number(peer.hd95),
    assd: numberOf(peer.assd),
    nsd: Number(peer.nsd),
  },
}));

/** Areas in mm² by code; bit 7 of a code is the corner at the origin, bit 0 the one opposite. */
export const peerAreas = fixture.surfaceElementAreas as { spacing: Spacing; areas: number[] }[];

function numberOf(value: number | string): number {
  return value === "inf" ? Infinity : Number(value);
}

function maskOf(runs: number[], shape: Shape): Uint8Array {
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < runs.length; i += 2) mask.fill(1, runs[i], runs[i]! + runs[i + 1]!);
  return mask;
}
