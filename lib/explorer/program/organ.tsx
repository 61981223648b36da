/**
 * One organ, case by case: from an interval to the cases behind it.
 *
 * @module
 */
/// <reference lib="dom" />
import { useCallback, useMemo, useState } from "preact/hooks";
import { caseScatter, sortedDifferences } from "../../plots/cases/case_scatter.ts";
import { joinedCases } from "../../plots/cases/joined_cases.ts";
import type { Answer } from "../answer.ts";
import type { Choice } from "../choice.ts";
import type { ExploreData } from "../explore_data.ts";
import { CaseTable } from "./case_table.tsx";
import { CaseView } from "./case_view.tsx";
import { Differing } from "./differing.tsx";
import { Plot, type PlotPoint } from "./plot.tsx";
import { Select } from "./select.tsx";

export interface OrganProps {
  data: ExploreData;
  choice: Choice;
  answer: Answer;
  colours: Record<string, string>;
  change: (part: Partial<Choice>) => void;
}

export function Organ({ data, choice, answer, colours, change }: OrganProps) {
  const values = answer.cases!, comparison = answer.comparison!, { reference, organs } = comparison;
  const others = values.arms.map(({ name }) => name).filter((name) => name !== reference);
  const [asked, setAsked] = useState<string>();
  const arm = asked !== undefined && others.includes(asked) ? asked : others[0];
  const joined = useMemo(() => joinedCases(values, comparison, { colours }), [values, comparison, colours]);
  const pair = useMemo(
    () =>
      reference === undefined || arm === undefined ? undefined : {
        scatter: caseScatter(values, { arm, reference }),
        sorted: sortedDifferences(values, { arm, reference }),
      },
    [values, reference, arm],
  );
  const look = useCallback((key: string) => {
    change({ case: key });
    document.getElementById("case")?.scrollIntoView();
  }, [change]);
  const toCase = useCallback(({ customdata }: PlotPoint) => {
    if (typeof customdata === "string") look(customdata);
  }, [look]);
  return (
    <section id="organ" aria-labelledby="organ-title">
      <h2 id="organ-title">Cases: {values.what}</h2>
      <div class="row">
        <Select
          label="Organ"
          value={choice.organ ?? ""}
          options={[["", "mean over organs"], ...organs.map((organ): [string, string] => [organ, organ])]}
          onChange={(value) => change({ organ: value || undefined })}
        />
        {pair && others.length > 1 && (
          <Select
            label={`Beside ${reference}`}
            value={arm!}
            options={others.map((name) => [name, name])}
            onChange={setAsked}
          />
        )}
      </div>
      {pair && <Differing data={data} arm={arm!} reference={reference!} />}
      <Plot figure={joined} onPoint={toCase} />
      {pair && (
        <div class="pair">
          <Plot figure={pair.scatter} onPoint={toCase} />
          <Plot figure={pair.sorted} onPoint={toCase} />
        </div>
      )}
      <CaseTable values={values} reference={reference} chosen={choice.case} onCase={look} />
      <CaseView data={data} values={values} caseKey={choice.case} change={change} />
    </section>
  );
}
