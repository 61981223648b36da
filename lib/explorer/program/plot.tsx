/**
 * A live figure.
 *
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef } from "preact/hooks";
import { describe, type Figure } from "../../plots/figure.ts";

/** What a figure was clicked at. */
export interface PlotPoint {
  x: unknown;
  y: unknown;
  customdata?: unknown;
  fullData: { name?: string };
}

interface PlotlyElement extends HTMLDivElement {
  on?(event: "plotly_click", listener: (event: { points: PlotPoint[] }) => void): void;
  removeAllListeners?(event: string): void;
}

declare const Plotly: {
  react(place: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<void>;
  purge(place: HTMLElement): void;
};

export interface PlotProps {
  figure: Figure;
  /** @default nothing happens */
  onPoint?: ((point: PlotPoint) => void) | undefined;
}

/** Drawn anew where it changes; as wide as its place where it would be wider, one that is far too wide is scrolled. */
export function Plot({ figure, onPoint }: PlotProps) {
  const place = useRef<PlotlyElement>(null);
  useEffect(() => {
    const element = place.current!;
    const draw = async () => {
      const room = element.parentElement!.clientWidth;
      const { width } = figure.layout;
      const fitting = width > room && width < 1.7 * room ? room : width;
      const layout = { ...figure.layout, width: fitting };
      await Plotly.react(element, figure.data, layout, { displaylogo: false });
      element.removeAllListeners?.("plotly_click");
      if (onPoint) element.on?.("plotly_click", ({ points: [point] }) => point && onPoint(point));
    };
    draw();
    const watch = new ResizeObserver(() => draw());
    watch.observe(element.parentElement!);
    return () => watch.disconnect();
  }, [figure, onPoint]);
  useEffect(() => () => Plotly.purge(place.current!), []);
  const text = describe(figure).replace(/^Figure: /, "").replace(/ \([^()]*\)$/, "");
  return (
    <div class="plot" role="group" aria-label={text}>
      <div ref={place} style={{ minHeight: `${figure.layout.height}px` }} />
    </div>
  );
}
