/**
 * Every case, joined between arms.
 *
 * @module
 */
/// <reference lib="dom" />
import type { CaseOfArms, CaseValues } from "../../comparison/case_values.ts";
import { signedText, valueText } from "../../plots/arms/score_text.ts";
import { type Column, SortedTable } from "./sorted_table.tsx";

export interface CaseTableProps {
  values: CaseValues;
  reference: string | undefined;
  /** The case that is looked into. */
  chosen: string | undefined;
  onCase: (key: string) => void;
}

/** A row a case, a column an arm; where two arms stand side by side, their difference too. */
export function CaseTable({ values, reference, chosen, onCase }: CaseTableProps) {
  const { arms, cases, metric, name, what } = values;
  const text = (value: number) => value === Infinity ? "missed" : valueText(value, metric);
  const base = arms.findIndex((arm) => arm.name === reference);
  const other = arms.length === 2 && base >= 0 ? 1 - base : -1;
  const difference = ({ values }: CaseOfArms) => values[other]! - values[base]!;
  const columns: Column<CaseOfArms>[] = [
    {
      id: "case",
      head: "case",
      value: (one) => one.case,
      cell: (one) => (
        <button type="button" aria-pressed={one.key === chosen} onClick={() => onCase(one.key)}>
          {one.case}
        </button>
      ),
    },
    { id: "dataset", head: "dataset", value: ({ dataset }) => dataset },
    ...arms.map((arm, index): Column<CaseOfArms> => ({
      id: `arm ${index}`,
      head: arm.name,
      value: ({ values }) => values[index],
      cell: ({ values }) => text(values[index]!),
      numeric: true,
    })),
    ...other < 0 ? [] : [{
      id: "difference",
      head: "difference",
      value: difference,
      cell: (one: CaseOfArms) => signedText(difference(one), metric),
      numeric: true,
    }],
  ];
  return (
    <SortedTable
      caption={`${name} of every case: ${what}`}
      columns={columns}
      rows={cases}
      keyOf={({ key }) => key}
      classOf={({ key }) => key === chosen ? "chosen" : ""}
    />
  );
}
