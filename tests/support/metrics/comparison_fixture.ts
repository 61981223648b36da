/** The answers of SciPy, statsmodels and pandas; tests/peers/comparison.py makes them. */
import fixture from "../../fixtures/comparison.json" with { type: "json" };

type Number = number | string | null;

/** JSON has no NaN and no infinity. */
export function numberOf(value: Number): number {
  return value === null ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : value as number;
}

export const { signedRank, holm, bootstrap, rows, dice, hd95 } = fixture as unknown as {
  signedRank: { name: string; differences: Number[]; p: Number }[];
  holm: { values: number[]; adjusted: number[] }[];
  /** [organ, case, seed] */
  bootstrap: {
    name: string;
    organs: Number[][][];
    reference?: Number[][][];
    /** @default "mean" */
    statistic?: "mean" | "median";
    low: Number;
    high: Number;
  }[];
  rows: { arm: string; seed: number; case: string; organ: string; dice: Number; hd95: Number }[];
  dice: PeerAnswer[];
  hd95: PeerAnswer[];
};

export interface PeerAnswer {
  arm: string;
  organ: string;
  value: Number;
  quartiles: [Number, Number];
  caseDeviation: Number;
  seedDeviation: Number;
  missed: number;
  undefined: number;
  difference?: Number;
  p?: Number;
  adjusted?: Number;
}
