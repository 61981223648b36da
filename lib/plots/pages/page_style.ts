/**
 * How a page of figures and tables looks, upon Pico's style.
 *
 * @module
 */

/** Figures stand on white, as on paper, also where the page is dark. */
export const PAGE_STYLE = `
:root { --pico-font-family: "DejaVu Sans", Verdana, sans-serif; }
body { margin: 0 auto; padding: 1.5rem; max-width: 1500px; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
p { margin: .25rem 0; }
body > nav { position: sticky; top: 0; background: var(--pico-background-color); padding: .6rem 0; border-bottom: 1px solid var(--pico-muted-border-color); z-index: 2; display: block; overflow-x: auto; }
body > nav a { margin-right: 1.2rem; }
body > main { padding: 0; }
section { scroll-margin-top: 3rem; }
.item { background: #fff; color: #222; border: 1px solid var(--pico-muted-border-color); border-radius: 6px; padding: 1rem; margin: 0 0 1rem; overflow-x: auto; }
.item a { color: #0b5cad; }
.item table { border-collapse: collapse; font-size: 13px; width: auto; --pico-table-border-color: #ccc; --pico-color: #222; --pico-background-color: #fff; }
.item caption { padding-bottom: .5rem; }
.item th { border-bottom: 1px solid #999; cursor: pointer; white-space: nowrap; user-select: none; vertical-align: bottom; }
.item th:hover, .item th:focus { background: #eef3f9; }
.item th[aria-sort]::after { content: " ↑"; }
.item th[aria-sort="descending"]::after { content: " ↓"; }
.item th, .item td { padding: .3rem .7rem; }
.item td[style*="right"] { white-space: nowrap; }
.item tbody tr:nth-child(even) { background: #f8f9fa; }
.item details { font-size: 13px; margin-top: .5rem; }
.item summary { cursor: pointer; }
@media print { body { padding: 0; } body > nav { display: none; } .item { break-inside: avoid; overflow: visible; } }
`;
