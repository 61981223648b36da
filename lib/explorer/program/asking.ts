/**
 * Asks the worker.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer } from "../answer.ts";
import type { Choice } from "../choice.ts";
import type { ExploreData } from "../explore_data.ts";
import type { Question, Reply } from "./worker.ts";

/** Asks for an answer; of several questions only the newest one's answer comes, the others never do. */
export type Ask = (choice: Choice) => Promise<Answer>;

/** @param program the page's own program, which is its worker's, too: a page that is a file may load no other */
export function asking(data: ExploreData, program: string): Ask {
  const worker = new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
  const send = (question: Question) => worker.postMessage(question);
  send({ data });
  let newest = 0;
  const waiting = new Map<number, { done: (answer: Answer) => void; failed: (error: Error) => void }>();
  worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
    const asked = waiting.get(reply.number);
    waiting.delete(reply.number);
    if (reply.number !== newest) return;
    if ("error" in reply) asked?.failed(new Error(reply.error));
    else asked?.done(reply.answer);
  };
  return (choice) =>
    new Promise((done, failed) => {
      const number = ++newest;
      waiting.set(number, { done, failed });
      send({ number, choice });
    });
}
