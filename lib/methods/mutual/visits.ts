/**
 * Whose batches the models of a team look at.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import { samplePeers } from "./peers.ts";

export interface VisitOptions {
  /** Peers' datasets that each model visits in a step; 0 means all. */
  peersPerStep: number;
  /** Whether models look at their peers' datasets at all. */
  visitPeers: boolean;
}

export interface Visits {
  /** Looks at batches in a step, over all models. */
  looksPerStep: number;
  /** One over the number of peers' datasets that a model visits in a step. */
  peerShare: number;
  /** One over the number of datasets that a model looks at in a step, its own and its peers'. */
  datasetShare: number;
  /** One for each dataset. */
  of(step: number, seed: number): Visit[];
}

/** Who looks at a dataset's batch in a step. */
export interface Visit {
  /** The dataset, and its own model. */
  owner: string;
  /** Its own one first. */
  models: string[];
}

/** One model a dataset, named like it. */
export function planVisits({ datasets }: PreparedStudy, { peersPerStep, visitPeers }: VisitOptions): Visits {
  const visited = Math.min(peersPerStep || Infinity, datasets.length - 1);
  const names = datasets.map(({ name }) => name);
  return {
    looksPerStep: datasets.length * (1 + (visitPeers ? visited : 0)),
    peerShare: 1 / Math.max(1, visited),
    datasetShare: 1 / (1 + visited),
    of(step, seed) {
      if (!visitPeers) return names.map((owner) => ({ owner, models: [owner] }));
      const visitors = samplePeers({ models: datasets.length, peersPerStep: visited, seed, step });
      return names.map((owner, i) => ({ owner, models: [owner, ...visitors[i]!.map((n) => names[n]!)] }));
    },
  };
}
