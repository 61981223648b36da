/**
 * A sweep's progress in the terminal: a line for each running member, and one for all.
 *
 * @module
 */
import { MultiBar } from "cli-progress";
import { printable } from "../../plots/escape.ts";
import { secondsOf } from "../../runs/folder/attempts.ts";
import { failureText } from "../../runs/notebooks/execute_notebook.ts";
import type { MemberEnd, RunMembersOptions } from "../../runs/sweeps/run_members.ts";
import type { Progress } from "../../training/recorder.ts";
import { describeEnd } from "../arms/run_arm.ts";
import { Forecast } from "../../runs/progress/forecast.ts";
import { progressLine } from "../../runs/progress/progress_line.ts";
import { formatSeconds } from "../../text/format_seconds.ts";
import { type LiveLine, liveLine } from "../../terminal/live_line.ts";
import { newsOf } from "../../terminal/run_progress.ts";
import { SweepBook } from "./sweep_book.ts";
import type { SweepMemberState } from "./sweep_members.ts";

export interface SweepProgress
  extends Pick<RunMembersOptions<SweepMemberState>, "watch" | "onBusy" | "onCrash" | "onEnd"> {
  /** Says something above the lines that change. */
  say(text: string): void;
  /** Removes the lines that change. */
  close(): void;
}

/**
 * Shows the progress of a sweep's members, of which some may be finished already.
 *
 * @param jobs members that run at once
 */
export function showSweep(members: readonly SweepMemberState[], jobs: number): SweepProgress {
  const book = new SweepBook(members, jobs);
  const screen = Deno.stderr.isTerminal() ? liveLines(members, { jobs, book }) : plainLines(members, book);
  return {
    ...screen,
    watch(member) {
      const forecast = book.begin(member);
      const { progress, note } = screen.member(member, forecast);
      return {
        onFolder: ({ origin }) => note(origin === "resumed" ? "goes on from its last checkpoint" : "begins"),
        onEvent(event) {
          if (event.kind === "stage") forecast.end(event.stage);
          if (event.kind === "progress") {
            forecast.see(event.progress);
            progress(event.progress);
          }
          if (event.kind === "note") note(event.text);
        },
      };
    },
    onBusy(member, error) {
      book.putOff(member);
      screen.idle(member);
      screen.say(`${member.label}: ${error.message}. Looked at again later.`);
    },
    onCrash(end, retry) {
      book.putOff(end.member);
      screen.idle(end.member);
      screen.say(
        `${end.member.label}: crashed (${
          failureText(end.result!.failure!)
        }). Tried again later, retry ${retry}.`,
      );
    },
    onEnd(end) {
      book.end(end);
      screen.idle(end.member);
      screen.say(describeMemberEnd(end));
      screen.total();
    },
  };
}

/** Says in a line or two how a member ended. */
export function describeMemberEnd({ member: { label }, status, result, error }: MemberEnd): string {
  if (!result) return `${label}: failed: ${error!.message}`;
  if (status === "failed") return `${label}: ${describeEnd(result)}`;
  return `${label}: ${status} after ${formatSeconds(secondsOf(result.folder.record))}`;
}

interface Screen extends Pick<SweepProgress, "say" | "close"> {
  member(
    member: SweepMemberState,
    forecast: Pick<Forecast, "secondsLeft">,
  ): { progress(progress: Progress): void; note(text: string): void };
  /** The member runs no longer. */
  idle(member: SweepMemberState): void;
  /** Tells how far all members are. */
  total(): void;
}

/** Where there is no terminal. */
function plainLines(members: readonly SweepMemberState[], book: SweepBook): Screen {
  const running = new Map<string, LiveLine>();
  return {
    member({ label }, forecast) {
      const line = liveLine();
      const isNews = newsOf();
      running.set(label, line);
      return {
        progress(progress) {
          const text = () => `${label}: ${progressLine(progress, forecast)}`;
          line.show(text, isNews(progress));
        },
        note: (text) => console.error(`  ${label}: ${text}`),
      };
    },
    idle({ label }) {
      running.get(label)!.clear();
      running.delete(label);
    },
    say: (text) => console.error(text),
    total: () => console.error(`${book.finished} of ${members.length} finished${book.rest}`),
    close: () => {},
  };
}

interface LiveOptions {
  jobs: number;
  book: SweepBook;
}

function liveLines(members: readonly SweepMemberState[], { jobs, book }: LiveOptions): Screen {
  const bars = new MultiBar({
    format: "{line}",
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
    // What is said above may be longer than a line; the lines that change are cut by the library.
    linewrap: true,
    forceRedraw: true,
    fps: 5,
  });
  const width = Math.min(40, Math.max(...members.map(({ label }) => [...label].length)));
  const slots = Array.from({ length: jobs }, () => ({ label: "", bar: bars.create(1, 0, { line: "" }) }));
  const format = "  [{bar}] {value} of {total} finished{rest}";
  const all = bars.create(members.length, book.finished, { rest: book.rest }, { format, barsize: 20 });
  const total = () => all.update(book.finished, { rest: book.rest });
  return {
    member({ label }, forecast) {
      const slot = slots.find((slot) => slot.label === "")!;
      slot.label = label;
      const show = (text: string) => {
        slot.bar.update(0, { line: `  ${fit(label, width)}  ${text}` });
        total();
      };
      show("starts");
      return {
        progress(progress) {
          const { secondsLeft } = forecast;
          const room = (Deno.consoleSize().columns || 80) - width - 5;
          show(progressLine(progress, { secondsLeft, width: room }));
        },
        note: (text) => show(printable(text)),
      };
    },
    idle({ label }) {
      const slot = slots.find((slot) => slot.label === label)!;
      slot.label = "";
      slot.bar.update(0, { line: "" });
    },
    say(text) {
      bars.log(`\x1b[0J${text}\n`); // what stands below is drawn again
      bars.update();
    },
    total,
    close: () => bars.stop(),
  };
}

/** A label of exactly so many letters, cut in its middle where it is too long. */
export function fit(label: string, width: number): string {
  const letters = [...label];
  if (letters.length <= width) return label + " ".repeat(width - letters.length);
  const last = Math.floor((width - 1) / 2);
  return `${letters.slice(0, width - 1 - last).join("")}…${letters.slice(letters.length - last).join("")}`;
}
