/**
 * What a page of figures and tables does.
 *
 * @module
 */

/**
 * Draws every figure, a little narrower where the page is (one far too wide is scrolled), and sorts a table by the column whose name is clicked: up, then down; by numbers where two cells
 * begin with one, cells without a value last.
 */
export const PAGE_SCRIPT = `
// What is seen is drawn first, the rest one by one when nothing else is to be done: a page of many figures is there at once.
const waiting = new Set(document.querySelectorAll(".figure"));
const drawFigure = (place) => {
  if (!waiting.delete(place)) return;
  const { data, layout } = JSON.parse(place.querySelector("script").textContent);
  place.replaceChildren();
  const room = place.parentNode.clientWidth - 34;
  if (layout.width > room && layout.width < 1.7 * room) layout.width = room;
  Plotly.newPlot(place, data, layout, { displaylogo: false });
};
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) drawFigure(target);
});
for (const place of waiting) seen.observe(place);
const drawNext = () => {
  const [place] = waiting;
  if (!place) return;
  drawFigure(place);
  requestIdleCallback(drawNext, { timeout: 2000 });
};
addEventListener("load", () => requestIdleCallback(drawNext, { timeout: 2000 }));
addEventListener("beforeprint", () => [...waiting].forEach(drawFigure));
// What stands behind # is a choice where there is one: contents are gone to without it.
for (const link of document.querySelectorAll("nav a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.getAttribute("href").slice(1))?.scrollIntoView();
  });
}
const valueOf = (cell) => {
  const text = cell.textContent.trim().replace(/^(<|\\u2212|\\+)\\s*/, (sign) => sign.startsWith("\\u2212") ? "-" : "");
  if (text === "" || text === "\\u2013") return { text };
  if (text.startsWith("\\u221e")) return { text, number: Infinity };
  const [number] = /^-?\\d+(\\.\\d+)?(?![\\w-])/.exec(text) ?? [];
  return { text, number: number === undefined ? undefined : Number(number) };
};
const compare = (a, b) =>
  a.number !== undefined && b.number !== undefined ? (a.number < b.number ? -1 : a.number > b.number ? 1 : 0)
  : a.text.localeCompare(b.text, undefined, { numeric: true });
const missing = ({ text }) => text === "" || text === "\\u2013";
const sort = (head) => {
  const heads = [...head.parentNode.children];
  const column = heads.indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
  rows.sort((a, b) => missing(a.value) - missing(b.value) || (down ? -1 : 1) * compare(a.value, b.value));
  body.append(...rows.map(({ row }) => row));
};
for (const head of document.querySelectorAll(".item th")) {
  head.tabIndex = 0;
  head.addEventListener("click", () => sort(head));
  head.addEventListener("keydown", ({ key }) => { if (key === "Enter") sort(head); });
}
`;
