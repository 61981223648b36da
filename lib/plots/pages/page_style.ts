/**
 * How a page of figures and tables looks.
 *
 * @module
 */

export const PAGE_STYLE = `
body { font: 15px/1.5 "DejaVu Sans", Verdana, sans-serif; color: #222; background: #f4f5f7; margin: 0 auto; padding: 1.5rem; max-width: 1500px; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
p { margin: .25rem 0; color: #444; }
a { color: #0b5cad; }
nav { position: sticky; top: 0; background: #f4f5f7; padding: .6rem 0; border-bottom: 1px solid #d5d8dd; z-index: 2; }
nav a { margin-right: 1.2rem; text-decoration: none; }
section { scroll-margin-top: 3rem; }
.item { background: #fff; border: 1px solid #e1e3e7; border-radius: 6px; padding: 1rem; margin: 0 0 1rem; overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; }
caption { padding-bottom: .5rem; }
th { border-bottom: 1px solid #999; cursor: pointer; white-space: nowrap; user-select: none; vertical-align: bottom; }
th:hover, th:focus { background: #eef3f9; }
th[aria-sort]::after { content: " ↑"; }
th[aria-sort="descending"]::after { content: " ↓"; }
th, td { padding: .3rem .7rem; }
td[style*="right"] { white-space: nowrap; }
tbody tr:nth-child(even) { background: #f8f9fa; }
details { font-size: 13px; color: #444; margin-top: .5rem; }
summary { cursor: pointer; }
`;
