/**
 * The program of the page to explore; it is its worker's, too.
 *
 * @module
 */
/// <reference lib="dom" />
import { render } from "preact";
import type { ExploreData } from "../explore_data.ts";
import { App } from "./app.tsx";
import { asking } from "./asking.ts";
import { Boundary } from "./boundary.tsx";
import { work } from "./worker.ts";

if (typeof document === "undefined") work(globalThis as unknown as Parameters<typeof work>[0]);
else {
  const textOf = (id: string) => document.getElementById(id)!.textContent!;
  const data: ExploreData = JSON.parse(textOf("data"));
  const app = <App data={data} ask={asking(data, textOf("program"))} />;
  render(<Boundary>{app}</Boundary>, document.getElementById("explorer")!);
}
