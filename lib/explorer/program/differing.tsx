/**
 * What two arms were told differently.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ExploreData } from "../explore_data.ts";

export interface DifferingProps {
  data: ExploreData;
  arm: string;
  reference: string;
}

/** Parameters whose values differ, or that one of the two experiments does not have; nothing of groups of arms. */
export function Differing({ data: { arms }, arm, reference }: DifferingProps) {
  const [one, other] = [arm, reference].map((name) => arms.find((found) => found.name === name));
  if (!one || !other) return null;
  const names = [...new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)])].sort();
  const rows = names.map((name) => ({ name, own: one.parameters[name], base: other.parameters[name] }))
    .filter(({ name, own, base }) => name !== "seed" && own !== base);
  const text = (value: unknown) => value === undefined ? "–" : String(value);
  return (
    <details>
      <summary>
        {one.experiment === other.experiment
          ? `${rows.length} parameters differ`
          : `${one.title} beside ${other.title}`}
      </summary>
      <div class="table" role="region" tabIndex={0} aria-label="Parameters that differ">
        <table>
          <thead>
            <tr>
              <th scope="col">parameter</th>
              <th scope="col">{arm}</th>
              <th scope="col">{reference}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, own, base }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{text(own)}</td>
                <td>{text(base)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
