/**
 * Slices of a case, as the server reads them from the disk.
 *
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { Figure } from "../../plots/figure.ts";
import { Plot } from "./plot.tsx";

export interface CasePicturesProps {
  caseKey: string;
  /** Of more than a few pictures nobody sees anything: the first ones are shown. */
  arms: readonly string[];
}

/** Arms beside the truth. */
const MOST_ARMS = 3;

interface Shown {
  figures: Figure[];
  reason: string;
}

export function CasePictures({ caseKey, arms }: CasePicturesProps) {
  const [shown, setShown] = useState<Shown>();
  const names = JSON.stringify(arms.slice(0, MOST_ARMS));
  useEffect(() => {
    const ended = new AbortController();
    setShown(undefined);
    const query = new URLSearchParams({ case: caseKey, arms: names });
    fetch(`case?${query}`, { signal: ended.signal }).then(async (response) => {
      if (!response.ok) throw new Error(await response.text());
      setShown(await response.json());
    }).catch(({ name, message }: Error) => {
      if (name !== "AbortError") setShown({ figures: [], reason: message });
    });
    return () => ended.abort();
  }, [caseKey, names]);
  if (!shown) return <p aria-busy="true">Reading the scan …</p>;
  return (
    <>
      {shown.reason !== "" && <p class="note">{shown.reason}</p>}
      {shown.figures.map((figure, index) => <Plot key={index} figure={figure} />)}
      {arms.length > MOST_ARMS && shown.figures.length > 0 && (
        <p class="note">Of {arms.length} arms the first {MOST_ARMS}: tick fewer to see others.</p>
      )}
    </>
  );
}
