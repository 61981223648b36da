/**
 * Runs in progress, as they are now.
 *
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { RunningRun } from "../explore_data.ts";

/** ms between two looks. */
const PERIOD = 3000;

export interface Running {
  runs: readonly RunningRun[];
  /** Runs that ended since the page was made. */
  ended: boolean;
}

/** Looks again and again while the page is seen; a server that is gone is asked once more each time. */
export function useRunning(served: boolean): Running {
  const [running, setRunning] = useState<Running>({ runs: [], ended: false });
  useEffect(() => {
    if (!served) return;
    const look = async () => {
      if (document.hidden) return;
      const response = await fetch("running").catch(() => undefined);
      if (!response?.ok) return;
      const runs: RunningRun[] = await response.json();
      setRunning((before) => ({
        runs,
        ended: before.ended ||
          before.runs.some(({ name, state }) =>
            state === "running" && !runs.some((run) => run.name === name)
          ),
      }));
    };
    look();
    const timer = setInterval(look, PERIOD);
    return () => clearInterval(timer);
  }, [served]);
  return running;
}

export function RunningRuns({ runs, ended }: Running) {
  if (runs.length === 0 && !ended) return null;
  return (
    <div class="table" role="region" tabIndex={0} aria-label="Runs in progress">
      {ended && (
        <p class="note">
          A run has finished. <a href="" onClick={() => location.reload()}>Show it</a>
        </p>
      )}
      {runs.length > 0 && (
        <table>
          <caption>Runs that are not finished</caption>
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">state</th>
              <th scope="col">since</th>
              <th scope="col">where it is</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ name, state, since, line, error }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{state}</td>
                <td>{since?.slice(0, 16).replace("T", " ")}</td>
                <td>{error ?? line}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
