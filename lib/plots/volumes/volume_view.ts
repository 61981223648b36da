/**
 * A page of volumes that a notebook shows by itself.
 *
 * @module
 */
import { UNPUBLISHED, whyNotShown } from "../../runs/notebooks/notebook_file.ts";
import { escapeHtml } from "../escape.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "../figure.ts";
import { type CaseVolumes, volumePage, type VolumePageOptions } from "./volume_page.ts";

export interface VolumeView {
  /** The whole page, to be saved as a file. */
  html: string;
  /** One line that stands for it where no page can be shown. */
  text: string;
  /** The page in a frame for JupyterLab; text. */
  [JUPYTER_DISPLAY]: () => MimeBundle;
}

export interface VolumeViewOptions extends VolumePageOptions {
  /** Height of the frame in a notebook, px. @default 720 */
  height?: number;
}

/**
 * A case in three planes and in 3D. A notebook that shows it holds the scan once it is saved: unless
 * that may be published, it is shown only where git keeps no outputs.
 *
 * @throws {Error} as {@linkcode volumePage}
 *
 * @example
 * ```ts
 * import { volumeView } from "consilium/plots";
 *
 * const shape: [number, number, number] = [16, 16, 16];
 * const affine = [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]];
 * const data = Float32Array.from({ length: 16 ** 3 }, (_, voxel) => voxel % 16);
 * const prediction = Uint8Array.from(data, (value) => value > 8 ? 1 : 0);
 * await volumeView({ title: "A", organs: [{ name: "Liver" }], scan: { data, shape, affine }, window: [0, 16], prediction });
 * ```
 */
export async function volumeView(
  volumes: CaseVolumes,
  { height = 720, ...options }: VolumeViewOptions = {},
): Promise<VolumeView> {
  const { title, subtitle, scan: { shape }, truth, organs } = volumes;
  const shown = truth ? "scan, truth and prediction" : "scan and prediction";
  const view: VolumeView = {
    html: await volumePage(volumes, options),
    text:
      `3D view: ${[title, subtitle].filter(Boolean).join(", ")} (${shown}, ${shape.join(" × ")} voxels, ` +
      `${organs.length} organs)`,
    [JUPYTER_DISPLAY]() {
      const { html, text } = view;
      const reason = volumes.publish ? undefined : whyNotShown();
      if (reason) return { "text/plain": reason };
      const shown = { "text/html": frame(html, { title: text, height }), "text/plain": text };
      return volumes.publish ? shown : { ...shown, [UNPUBLISHED]: {} };
    },
  };
  return view;
}

/** The page gets an origin of its own: it can read nothing of the notebook's. */
function frame(html: string, { title, height }: { title: string; height: number }): string {
  return `<iframe sandbox="allow-scripts" title="${escapeHtml(title)}" ` +
    `style="width:100%;height:${height}px;border:0" srcdoc="${quoted(html)}"></iframe>`;
}

/** Unlike a name's, a program's line breaks must stay. */
function quoted(html: string): string {
  return html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
