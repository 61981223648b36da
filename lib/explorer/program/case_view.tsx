/**
 * One case: what is known of it, and its values in all arms.
 *
 * @module
 */
/// <reference lib="dom" />
import type { CaseValues } from "../../comparison/case_values.ts";
import { valueText } from "../../plots/arms/score_text.ts";
import type { Choice } from "../choice.ts";
import type { ExploreData } from "../explore_data.ts";
import { CasePictures } from "./case_pictures.tsx";

export interface CaseViewProps {
  data: ExploreData;
  values: CaseValues;
  caseKey: string | undefined;
  change: (part: Partial<Choice>) => void;
}

export function CaseView({ data, values, caseKey, change }: CaseViewProps) {
  const place = values.cases.findIndex(({ key }) => key === caseKey), one = values.cases[place];
  if (!one) return null;
  const go = (step: number) => change({ case: values.cases.at((place + step) % values.cases.length)!.key });
  const text = (value: number) => value === Infinity ? "missed" : valueText(value, values.metric);
  return (
    <article id="case" aria-labelledby="case-title">
      <h3 id="case-title">{one.case} of {one.dataset}</h3>
      <div class="row">
        <button type="button" onClick={() => go(-1)}>Previous case</button>
        <button type="button" onClick={() => go(1)}>Next case</button>
        <button type="button" onClick={() => change({ case: undefined })}>Close</button>
      </div>
      {data.served && <CasePictures caseKey={one.key} arms={values.arms.map(({ name }) => name)} />}
      <div class="table" role="region" tabIndex={0} aria-label={`${values.name} of ${one.case}`}>
        <table>
          <caption>{values.name}: {values.what}</caption>
          <thead>
            <tr>
              <th scope="col">arm</th>
              <th scope="col" class="numeric">mean over seeds</th>
              <th scope="col" class="numeric">by seed</th>
              <th scope="col">runs</th>
            </tr>
          </thead>
          <tbody>
            {values.arms.map(({ name, seeds }, index) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="numeric">{text(one.values[index]!)}</td>
                <td class="numeric">
                  {seeds.length > 1 ? one.bySeed[index]!.map(text).join(", ") : ""}
                </td>
                <td>{runNames(data, name)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

/** The runs of an arm, by which the terminal's `view` shows the case in 3D. */
function runNames({ arms }: ExploreData, name: string): string {
  return arms.find((arm) => arm.name === name)?.runs.map((run) => run.name).join(", ") ?? "";
}
