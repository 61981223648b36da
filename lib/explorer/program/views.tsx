/**
 * Choices that were kept under a name, in this browser.
 *
 * @module
 */
/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { type Choice, choiceFromHash, choiceToHash } from "../choice.ts";

export interface ViewsProps {
  cohort: string;
  choice: Choice;
  change: (choice: Choice) => void;
}

type Kept = Record<string, string>;

/** Of this cohort; a browser that keeps nothing for files has none. */
function stored(cohort: string): { read(): Kept; write(kept: Kept): void } {
  const key = `consilium views of ${cohort}`;
  return {
    read() {
      try {
        const value: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
        const entries = Object.entries(value ?? {}).filter(([, hash]) => typeof hash === "string");
        return Object.fromEntries(entries) as Kept;
      } catch {
        return {};
      }
    },
    write(kept) {
      try {
        localStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // The address still has the choice.
      }
    },
  };
}

export function Views({ cohort, choice, change }: ViewsProps) {
  const store = stored(cohort);
  const [kept, setKept] = useState<Kept>(store.read);
  const [name, setName] = useState("");
  const update = (next: Kept) => {
    store.write(next);
    setKept(next);
  };
  const keep = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "") return;
    update(Object.fromEntries([...Object.entries(kept), [name.trim(), choiceToHash(choice)]]));
    setName("");
  };
  const show = (hash: string) => {
    history.replaceState(null, "", `#${hash}`);
    change(choiceFromHash(hash));
  };
  return (
    <details class="views">
      <summary>Views</summary>
      <p class="note">
        The address of this page has the whole choice; a view keeps it under a name, in this browser.
      </p>
      <form onSubmit={keep}>
        <label>
          Name
          <input value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />
        </label>
        <button type="submit">Keep</button>
      </form>
      <ul>
        {Object.entries(kept).map(([name, hash]) => (
          <li key={name}>
            <button type="button" onClick={() => show(hash)}>{name}</button>
            <button
              type="button"
              aria-label={`forget ${name}`}
              onClick={() =>
                update(Object.fromEntries(Object.entries(kept).filter(([other]) => other !== name)))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
