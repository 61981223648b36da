/**
 * Answers choices beside the page, so that it never stands still: a message of data, then one of a choice for each answer.
 *
 * @module
 */
import { type Answer, answerer } from "../answer.ts";
import type { Choice } from "../choice.ts";
import type { ExploreData } from "../explore_data.ts";

export type Question = { data: ExploreData } | { number: number; choice: Choice };
export type Reply = { number: number } & ({ answer: Answer } | { error: string });

interface WorkerScope {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(reply: Reply): void;
}

/** Listens; called where the program runs as a worker. */
export function work(scope: WorkerScope): void {
  let answer: ((choice: Choice) => Answer) | undefined;
  scope.onmessage = ({ data: question }) => {
    if ("data" in question) {
      answer = answerer(question.data);
      return;
    }
    const { number, choice } = question;
    try {
      scope.postMessage({ number, answer: answer!(choice) });
    } catch (error) {
      scope.postMessage({ number, error: (error as Error).message });
    }
  };
}
