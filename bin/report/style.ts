/** The page's style sheet: light and dark by what the reader prefers, and a phone's width without scrolling sideways. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1b1f24; --muted: #57606a; --line: #d0d7de; --panel: #f6f8fa; --outside: #eef1f4;
  --accent: #0550ae; --danger: #b31d28; --warn: #7a4b00; --good: #116329; --data: #6e40c9;
  --c0: #0550ae; --c1: #b35900; --c2: #116329; --c3: #8250df; --c4: #b3246b; --c5: #0b6e75;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --muted: #9da7b3; --line: #3d444d; --panel: #161b22; --outside: #1f262e;
    --accent: #79b8ff; --danger: #ff8a85; --warn: #e3b341; --good: #6fd680; --data: #c8a6ff;
    --c0: #79b8ff; --c1: #ffab70; --c2: #6fd680; --c3: #c8a6ff; --c4: #ff9bce; --c5: #6adbe0;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; } h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; } ul { margin: .25rem 0; padding-left: 1.25rem; } a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
.muted { color: var(--muted); } .danger { color: var(--danger); } .warn { color: var(--warn); } .good { color: var(--good); }
code, pre, .topology { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { font-size: .9em; }
pre { margin: .25rem 0 .5rem; padding: .5rem; background: var(--panel); border-radius: 4px; font-size: .8rem; white-space: pre-wrap; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .5rem; margin: 1rem 0; padding: 0; }
.figures div { padding: .5rem .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
.figures dt { color: var(--muted); font-size: .85rem; } .figures dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
.mark { padding: 0 .35rem; border: 1px solid currentColor; border-radius: 4px; font-size: .75rem; white-space: nowrap; }
.mark.data { color: var(--data); } .mark.protected { color: var(--good); } .mark.existing { color: var(--muted); }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { color: var(--muted); font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; }
.drawing { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
@media (min-width: 64rem) { .beside { display: grid; grid-template-columns: minmax(0, max-content) minmax(24rem, 1fr); gap: 1.5rem; align-items: start; } .beside h3 { margin-top: 0; } }
.drawing:focus-visible { outline: 2px solid var(--accent); }
.topology { display: block; max-width: none; }
.topology .box > rect { fill: var(--panel); stroke: var(--line); } .topology .outside > rect { fill: var(--outside); stroke-dasharray: 4 3; }
.topology .end > rect { fill: var(--page); stroke: var(--muted); }
.topology .started > rect { stroke-dasharray: 4 3; } .topology .data > rect { stroke: var(--data); stroke-width: 2; }
.topology text { fill: var(--text); } .topology .title { font-weight: 600; } .topology .detail { fill: var(--muted); }
.topology .stub { fill: none; stroke: var(--muted); stroke-width: 1; }
.topology .flow path { fill: none; stroke: var(--flow); stroke-width: 1.5; } .topology .flow .head, .topology .flow circle { fill: var(--flow); stroke: none; }
.topology .flow:hover path { stroke-width: 3; }
${[0, 1, 2, 3, 4, 5].map((colour) => `.topology .colour-${colour} { --flow: var(--c${colour}); }`).join("\n")}
details { margin: .25rem 0; } summary { cursor: pointer; } .tree ul { padding-left: 1rem; list-style: none; border-left: 1px solid var(--line); }
.change { margin: .5rem 0; padding: .5rem .75rem; border-left: 3px solid var(--line); background: var(--panel); }
.change.losing { border-color: var(--danger); } .change pre { background: none; padding: 0; }
@media (max-width: 56rem) {
  body { padding: .75rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr { display: block; } tr { padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); overflow-wrap: anywhere; gap: .5rem; padding: .1rem 0; border: 0; text-align: left; }
  td::before { content: attr(data-label); color: var(--muted); }
  .number { text-align: left; }
}
@media print { .drawing { overflow: visible; } details > * { display: block; } }
`;
