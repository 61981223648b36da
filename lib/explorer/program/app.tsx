/**
 * The page to explore: one choice, and all that follows from it.
 *
 * @module
 */
/// <reference lib="dom" />
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { armComparison, armDifferences } from "../../plots/arms/arm_comparison.ts";
import { organBars } from "../../plots/arms/organ_bars.ts";
import { seriesColours } from "../../plots/palette.ts";
import type { Answer } from "../answer.ts";
import { type Choice, choiceFromHash, choiceToHash } from "../choice.ts";
import { groupOf, seedText } from "../chosen_rows.ts";
import type { ExploreData } from "../explore_data.ts";
import { ArmTable } from "./arm_table.tsx";
import type { Ask } from "./asking.ts";
import { type Choices, Controls } from "./controls.tsx";
import { Domains } from "./domains.tsx";
import { Organ } from "./organ.tsx";
import { Plot, type PlotPoint } from "./plot.tsx";
import { RunningRuns, useRunning } from "./running.tsx";
import { Views } from "./views.tsx";

export interface AppProps {
  data: ExploreData;
  ask: Ask;
}

export function App({ data, ask }: AppProps) {
  const [choice, setChoice] = useState<Choice>(() => choiceFromHash(location.hash));
  const [answer, setAnswer] = useState<Answer>();
  const [problem, setProblem] = useState<string>();
  const choices = useChoices(data, choice);
  const running = useRunning(data.served);
  useEffect(() => {
    const follow = () => setChoice(choiceFromHash(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  // What was chosen before stands until the new answer is there; organ and case are looked at in the answer there is.
  useEffect(() => {
    ask(choice).then((answer) => {
      setAnswer(answer);
      setProblem(undefined);
    }, ({ message }) => setProblem(message));
  }, [choice, ask]);
  const change = useCallback((part: Partial<Choice>) => {
    setChoice((before) => {
      const next = { ...before, ...part };
      history.replaceState(null, "", `#${choiceToHash(next)}`);
      return next;
    });
  }, []);
  const comparison = answer?.comparison;
  // An arm has one colour whatever is chosen beside it.
  const palette = useMemo(() => seriesColours([...choices.groups]), [choices.groups.join("\n")]);
  const colours = useMemo(
    () => Object.fromEntries((comparison?.arms ?? []).map(({ name }) => [name, palette.get(name)!])),
    [comparison, palette],
  );
  const figures = useMemo(() =>
    comparison && {
      scores: comparison.reference === undefined && comparison.arms.length === 1
        ? organBars(comparison)
        : armComparison(comparison, { colours }),
      differences: armDifferences(comparison, { colours }),
    }, [comparison, colours]);
  const price = useMemo(
    () =>
      answer?.price &&
      armDifferences(answer.price, { colours, title: "The price of partial labels: difference from oracle" }),
    [
      answer?.price,
      colours,
    ],
  );
  const toOrgan = useCallback(({ x }: PlotPoint) => {
    // Beyond the organs stands their mean.
    const organ = comparison?.organs[Math.round(Number(x))];
    change({ organ, case: undefined });
    document.getElementById("organ")?.scrollIntoView();
  }, [comparison, change]);
  return (
    <>
      <aside aria-label="Choice">
        <Controls choice={choice} choices={choices} reference={comparison?.reference} change={change} />
        <Views cohort={data.cohort} choice={choice} change={setChoice} />
      </aside>
      <div class="answers">
        {problem !== undefined && <p role="alert">{problem}</p>}
        <section id="arms" aria-labelledby="arms-title">
          <h2 id="arms-title">Arms</h2>
          <RunningRuns {...running} />
          <ArmTable data={data} choice={choice} answer={answer} change={change} />
        </section>
        {figures && (
          <section id="scores" aria-labelledby="scores-title">
            <h2 id="scores-title">Scores and differences</h2>
            <p class="note">A click on a point looks into its organ.</p>
            <Plot figure={figures.scores} onPoint={toOrgan} />
            <Plot figure={figures.differences} onPoint={toOrgan} />
            {price && <Plot figure={price} onPoint={toOrgan} />}
          </section>
        )}
        {answer?.domains && <Domains figure={answer.domains} collapsed={answer.collapsed} />}
        {comparison && answer?.cases && (
          <Organ data={data} choice={choice} answer={answer} colours={colours} change={change} />
        )}
      </div>
    </>
  );
}

function useChoices(data: ExploreData, { group }: Choice): Choices {
  return useMemo(() => {
    const all = <T,>(values: T[]) => [...new Set(values)];
    const metrics = all(data.arms.flatMap(({ rows }) => Object.keys(rows.metrics)));
    return {
      metrics: metrics as Choices["metrics"],
      groups: all(data.arms.map((arm) => groupOf(arm, group))),
      parameters: data.differing,
      seeds: all(data.arms.flatMap(({ rows }) => rows.seeds.map((seed) => seedText(seed ?? undefined)))).sort(
        new Intl.Collator("en", { numeric: true }).compare,
      ),
      datasets: all(data.arms.flatMap(({ rows }) => rows.cases.map(([dataset]) => dataset))),
      organs: all(data.arms.flatMap(({ rows }) => rows.organs)),
    };
  }, [data, group]);
}
