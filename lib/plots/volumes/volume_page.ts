/**
 * A case in three planes and in 3D, as one page that needs nothing but itself.
 *
 * @module
 */
import type { Volume } from "../../imaging/volume.ts";
import { escapeHtml } from "../escape.ts";
import { organColours } from "../palette.ts";
import { embedVolume } from "./embed_volume.ts";
import { inlineProgram } from "./inline_program.ts";
import { findLandmarks, type Point } from "./landmarks.ts";

export interface PageOrgan {
  name: string;
  /** Whether the truth says where it is. @default true */
  annotated?: boolean;
  /** Of prediction and truth; shown in the legend. @default none */
  dice?: number;
}

/** What a page shows: a scan and label maps on its grid. */
export interface CaseVolumes {
  /** Such as the case. */
  title: string;
  /** Such as the run. @default "" */
  subtitle?: string;
  /** Organ 1…K of the label maps. */
  organs: readonly PageOrgan[];
  scan: Volume;
  /** The data's licence allows pictures of the scan in what is published. @default false */
  publish?: boolean | undefined;
  /** Intensities shown black and white. */
  window: readonly [black: number, white: number];
  /** [depth, height, width] organ numbers. @default none: the page shows the prediction only */
  truth?: Uint8Array | undefined;
  /** [depth, height, width] organ numbers. */
  prediction: Uint8Array;
}

export interface VolumePageOptions {
  /** Colours of organs by name that shall differ from the figures'. @default {} */
  colours?: Record<string, string> | undefined;
}

/** NiiVue as one classic script: a page opened from a file may not import modules. */
const NIIVUE = new URL("../../dist/niivue.umd.js", import.meta.resolve("@niivue/niivue"));
const VIEWER = new URL("./viewer.js", import.meta.url);
const STYLE = new URL("./viewer.css", import.meta.url);

/** The page may run what it holds and reach nobody: scans stay where they are. NiiVue's fonts are data. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
  "img-src data: blob:; connect-src data: blob:";

const NOTICE = "<!-- Holds NiiVue, copyright its authors, BSD-2-Clause: https://github.com/niivue/niivue -->";

const HELP = "Click or drag in a plane: crosshair. Wheel: slices. Right drag: brightness and contrast. " +
  "Drag in 3D: turn. R, L: the patient's right and left.";

/**
 * The page: HTML with NiiVue and the volumes in it. It asks nothing of the network, and its content security policy
 * forbids it to.
 *
 * @throws {Error} A label map has another size than the scan.
 */
export async function volumePage(view: CaseVolumes, { colours }: VolumePageOptions = {}): Promise<string> {
  checkSizes(view);
  const { title, subtitle = "", organs, scan: { data, shape, affine }, truth, prediction, window } = view;
  const [niivue, viewer, style] = await Promise.all([
    Deno.readTextFile(NIIVUE),
    Deno.readTextFile(VIEWER),
    Deno.readTextFile(STYLE),
  ]);
  const palette = organColours(organs.map(({ name }) => name), { colours });
  const { start, centres } = landmarks(view);
  const settings = {
    window,
    start,
    organs: organs.map(({ name }, index) => ({ name, colour: palette.get(name), centre: centres[index] })),
  };
  const volumes = Object.entries({ scan: data, truth, prediction }).flatMap(([name, data]) =>
    data
      ? [embedVolume({ data, shape, affine }).then((text) => script(name, { type: "text/plain", text }))]
      : []
  );
  return [
    "<!DOCTYPE html>",
    NOTICE,
    `<html lang="en" data-state="loading">`,
    "<head>",
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="viewport" content="width=device-width">`,
    `<title>${escapeHtml([title, subtitle].filter(Boolean).join(" · "))}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    `<main><div class="slices"><canvas id="slices"></canvas></div><div class="render"><canvas id="render"></canvas></div>`,
    `<p id="problem" role="alert"></p></main>`,
    "<aside>",
    `<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(subtitle)}</p></header>`,
    ...truth ? [SWITCH, slider("truth")] : [],
    slider("prediction"),
    legend(organs, { colours: [...palette.values()], withTruth: truth !== undefined }),
    `<p id="place"></p>`,
    `<p class="help">${HELP}</p>`,
    "</aside>",
    script("settings", {
      type: "application/json",
      text: JSON.stringify(settings).replaceAll("<", "\\u003c"),
    }),
    ...await Promise.all(volumes),
    `<script>${inlineProgram(niivue)}</script>`,
    `<script type="module">${inlineProgram(viewer)}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function checkSizes({ title, scan: { data, shape }, truth, prediction }: CaseVolumes): void {
  const voxels = shape[0] * shape[1] * shape[2];
  for (const [name, map] of Object.entries({ scan: data, truth, prediction })) {
    if (!map || map.length === voxels) continue;
    throw new Error(
      `Cannot show ${title}: ${name} must have ${voxels} voxels (${
        shape.join("×")
      }), current value is ${map.length}`,
    );
  }
}

/** Those of the truth, where there is one; organs it does not show are found in the prediction. */
function landmarks({ scan: { shape, affine }, organs, truth, prediction }: CaseVolumes) {
  const find = (map: Uint8Array) => findLandmarks(map, { shape, affine, organs: organs.length });
  const predicted = find(prediction);
  const first = truth ? find(truth) : predicted;
  const found = first.centres.some((centre) => centre) ? first : predicted;
  return {
    start: found.start,
    centres: first.centres.map((centre, index): Point | undefined => centre ?? predicted.centres[index]),
  };
}

const SWITCH = `<fieldset><legend>Show</legend><div class="switch">` +
  [["truth", "Truth"], ["both", "Both"], ["prediction", "Prediction"]].map(([value, text]) =>
    `<label><input type="radio" name="shown" value="${value}"${
      value === "both" ? " checked" : ""
    }>${text}</label>`
  ).join("") +
  `</div><p>Both: the prediction is filled, the truth a line.</p></fieldset>`;

function slider(name: "truth" | "prediction"): string {
  const text = name === "truth" ? "Truth" : "Prediction";
  return `<label class="slider">${text} <input type="range" id="${name}-opacity" min="0" max="1" step="0.05"></label>`;
}

function legend(
  organs: readonly PageOrgan[],
  { colours, withTruth }: { colours: string[]; withTruth: boolean },
): string {
  const withDice = organs.some(({ dice }) => dice !== undefined);
  const rows = organs.map(({ name, annotated = true, dice }, index) => {
    const note = withTruth && !annotated ? ` <small>not annotated</small>` : "";
    const score = dice === undefined || Number.isNaN(dice) ? "–" : dice.toFixed(3);
    return `<tr><td><button type="button" data-organ="${index + 1}">` +
      `<i style="background:${colours[index]}"></i>${escapeHtml(name)}</button>${note}</td>` +
      `${withDice ? `<td>${score}</td>` : ""}</tr>`;
  });
  const head = `<tr><th>Organ</th>${withDice ? "<th>Dice</th>" : ""}</tr>`;
  return `<table id="legend"><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>`;
}

/** Data for the viewer: base64, or JSON without "<". */
function script(id: string, { type, text }: { type: string; text: string }): string {
  return `<script type="${type}" id="${id}">${text}</script>`;
}
