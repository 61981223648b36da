/**
 * What is chosen, and how.
 *
 * @module
 */
/// <reference lib="dom" />
import { everyMetric, type Metric, metrics, type Statistic } from "../../metrics/metric.ts";
import type { Choice } from "../choice.ts";
import { Select } from "./select.tsx";

/** What there is to choose from. */
export interface Choices {
  metrics: readonly Metric[];
  groups: readonly string[];
  parameters: readonly string[];
  seeds: readonly string[];
  datasets: readonly string[];
  organs: readonly string[];
}

export interface ControlsProps {
  choice: Choice;
  choices: Choices;
  /** The group that stands as the reference now. */
  reference: string | undefined;
  change: (part: Partial<Choice>) => void;
}

export function Controls({ choice, choices, reference, change }: ControlsProps) {
  const own = metrics[choice.metric].statistic;
  return (
    <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <Select
        label="Metric"
        value={choice.metric}
        options={everyMetric.filter((one) => choices.metrics.includes(one)).map((
          one,
        ) => [one, metrics[one].name])}
        onChange={(value) => change({ metric: value as Metric })}
      />
      <Select
        label="Over cases"
        value={choice.statistic ?? own}
        options={(["mean", "median"] as const).map((
          one,
        ) => [one, one === own ? `${one} (the metric's own)` : one])}
        onChange={(value) => change({ statistic: value === own ? undefined : value as Statistic })}
      />
      <Select
        label="Compared with"
        value={reference ?? ""}
        options={[["", "nothing"], ...choices.groups.map((one): [string, string] => [one, one])]}
        onChange={(value) => change({ reference: value })}
      />
      <Select
        label="Grouped by"
        value={choice.group ?? ""}
        options={[["", "arm"], ...choices.parameters.map((one): [string, string] => [one, one])]}
        onChange={(value) => change({ group: value || undefined, reference: undefined })}
      />
      <Ticks
        label="Organs"
        all={choices.organs}
        ticked={choice.organs}
        onChange={(organs) => change({ organs })}
      />
      <Ticks
        label="Datasets"
        all={choices.datasets}
        ticked={choice.datasets}
        onChange={(datasets) => change({ datasets })}
      />
      <Ticks
        label="Seeds"
        all={choices.seeds}
        ticked={choice.seeds}
        onChange={(seeds) => change({ seeds })}
      />
    </form>
  );
}

interface TicksProps {
  label: string;
  all: readonly string[];
  /** @default all */
  ticked: readonly string[] | undefined;
  onChange: (ticked: string[] | undefined) => void;
}

/** Nothing to tick where there is one. */
function Ticks({ label, all, ticked = all, onChange }: TicksProps) {
  if (all.length < 2) return null;
  const toggle = (one: string) => {
    const chosen = all.filter((other) => other === one ? !ticked.includes(one) : ticked.includes(other));
    onChange(chosen.length === all.length ? undefined : chosen);
  };
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="checkbox" checked={ticked.includes(one)} onChange={() => toggle(one)} />
          {one}
        </label>
      ))}
    </fieldset>
  );
}
