/**
 * All arms with what they differ in, what they cost and how they score.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ArmScore } from "../../comparison/comparison.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { pText, significance } from "../../plots/arms/significance.ts";
import { signedInterval, signedText, valueText, withMisses } from "../../plots/arms/score_text.ts";
import { formatSeconds } from "../../text/format_seconds.ts";
import type { Answer } from "../answer.ts";
import type { Choice } from "../choice.ts";
import { groupOf } from "../chosen_rows.ts";
import type { ExploredArm, ExploreData } from "../explore_data.ts";
import { type Column, SortedTable } from "./sorted_table.tsx";

export interface ArmTableProps {
  data: ExploreData;
  choice: Choice;
  answer: Answer | undefined;
  change: (part: Partial<Choice>) => void;
}

/** A row an arm; runs that are not finished below them, without a number. */
export function ArmTable({ data, choice, answer, change }: ArmTableProps) {
  const { arms, differing, unfinished } = data, comparison = answer?.comparison;
  const names = arms.map(({ name }) => name), ticked = choice.arms ?? names;
  const toggle = (name: string) => {
    const chosen = names.filter((other) => other === name ? !ticked.includes(name) : ticked.includes(other));
    change({ arms: chosen.length === names.length ? undefined : chosen });
  };
  const scoreOf = (arm: ExploredArm): ArmScore | undefined =>
    ticked.includes(arm.name)
      ? comparison?.arms.find(({ name }) => name === groupOf(arm, choice.group))?.mean
      : undefined;
  const secondsOf = ({ runs }: ExploredArm) => runs.reduce((sum, { seconds }) => sum + seconds, 0);
  const isNoise = (arm: ExploredArm) => {
    const difference = scoreOf(arm)?.difference, floor = answer?.floor?.mean ?? NaN;
    return difference !== undefined && Math.abs(difference.value) < floor;
  };
  const metric = choice.metric;
  const columns: Column<ExploredArm>[] = [
    {
      id: "ticked",
      head: "",
      value: ({ name }) => ticked.includes(name) ? 0 : 1,
      cell: ({ name }) => (
        <input
          type="checkbox"
          aria-label={`show ${name}`}
          checked={ticked.includes(name)}
          onChange={() => toggle(name)}
        />
      ),
    },
    { id: "arm", head: "arm", value: ({ name }) => name, cell: (arm) => <ArmName arm={arm} /> },
    { id: "seeds", head: "runs", value: ({ runs }) => runs.length, numeric: true },
    {
      id: "seconds",
      head: "took",
      value: secondsOf,
      cell: (arm) => formatSeconds(secondsOf(arm)),
      numeric: true,
    },
    {
      id: "score",
      head: comparison ? `${scoreTitle(comparison)} [95 % interval]` : "score",
      value: (arm) => scoreOf(arm)?.value,
      cell: (arm) => {
        const score = scoreOf(arm);
        if (!score) return "–";
        const interval = Number.isNaN(score.low)
          ? ""
          : ` [${valueText(score.low, metric)}, ${valueText(score.high, metric)}]`;
        return withMisses(`${valueText(score.value, metric)}${interval}`, score, metric);
      },
      numeric: true,
    },
    ...comparison?.reference === undefined ? [] : differenceColumns(comparison.reference),
    ...differing.map((parameter): Column<ExploredArm> => ({
      id: `parameter ${parameter}`,
      head: parameter,
      value: ({ parameters }) => {
        const value = parameters[parameter];
        return typeof value === "boolean" ? String(value) : value;
      },
      numeric: arms.every(({ parameters }) => typeof (parameters[parameter] ?? 0) === "number"),
    })),
  ];

  function differenceColumns(reference: string): Column<ExploredArm>[] {
    return [
      {
        id: "difference",
        head: `minus ${reference} [95 % interval]`,
        value: (arm) => scoreOf(arm)?.difference?.value,
        cell: (arm) => {
          const difference = scoreOf(arm)?.difference;
          if (!difference) return "";
          const interval = signedInterval(difference, metric);
          return `${signedText(difference.value, metric)}${interval === null ? "" : ` [${interval}]`}`;
        },
        numeric: true,
      },
      {
        id: "p",
        head: "p (Holm)",
        value: (arm) => scoreOf(arm)?.difference?.adjusted,
        cell: (arm) => {
          const { adjusted = NaN } = scoreOf(arm)?.difference ?? {};
          return (
            <>
              {pText(adjusted)}
              <sup>{significance(adjusted)}</sup>
            </>
          );
        },
        numeric: true,
      },
    ];
  }

  return (
    <>
      <SortedTable
        caption={`${arms.length} arms with finished runs`}
        columns={columns}
        rows={arms}
        keyOf={({ name }) => name}
        classOf={(arm) => isNoise(arm) ? "noise" : ""}
        notes={answer ? [...answer.notes, ...floorNote(answer, choice), ...notesOf(answer)] : []}
      />
      {unfinished.length > 0 && (
        <details>
          <summary>{unfinished.length} without a finished run</summary>
          <ul>{unfinished.map(({ name, state }) => <li key={name}>{name}: {state}</li>)}</ul>
        </details>
      )}
    </>
  );
}

function ArmName({ arm: { name, title, runs } }: { arm: ExploredArm }) {
  return (
    <details class="arm">
      <summary>{name}</summary>
      {title !== name && <p>{title}</p>}
      <ul>
        {runs.map(({ name, path, seed, ended }) => (
          <li key={name}>
            {path === undefined ? name : <a href={path}>{name}</a>}
            {seed !== undefined && `, seed ${seed}`}
            {ended !== undefined && `, ${ended.replace("T", " ")}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function floorNote({ floor, comparison }: Answer, { metric }: Choice): string[] {
  if (floor === undefined) {
    return ["No arm has two seeds: nothing says how large a difference seeds alone would make."];
  }
  if (Number.isNaN(floor.mean)) return [];
  const grey = comparison?.reference === undefined ? "" : "; differences below it are grey";
  return [
    `Noise floor ${
      valueText(floor.mean, metric)
    }: two arms of ${floor.seeds} seeds that differ in nothing else would differ by more in one of ` +
    `twenty comparisons, by the seeds of ${floor.group}${grey}.`,
  ];
}

function notesOf({ comparison }: Answer): string[] {
  return comparison ? Object.values(comparison.notes).flat() : [];
}
