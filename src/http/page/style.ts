// The looks of the page: readable on a phone and on a wall, light or dark as the reader's system is or as the reader chose.
//
// Served as a file of its own; nothing is inline. Colours of text have a contrast of 4.5 or more on their ground. Below
// 45rem each row of a table is a card, above 90rem the calls stand beside what lives.

const COLOURS = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f6f8, #10141a);
  --card: light-dark(#fff, #1a2028);
  --text: light-dark(#1b1f24, #e8ecf0);
  --quiet: light-dark(#57606a, #a3adb8);
  --line: light-dark(#d5dae0, #333c46);
  --link: light-dark(#0757b8, #7ab7ff);
  --good: light-dark(#157a3c, #5fd38a);
  --bad: light-dark(#b3261e, #ff8a80);
  --wait: light-dark(#9a6200, #f0b357);
  --wait-bar: light-dark(#c9cfd6, #4a5562);
  --hover: light-dark(#eef3f9, #222b36);
}
:root[data-theme=light] { color-scheme: light }
:root[data-theme=dark] { color-scheme: dark }
`

const BASE = `
* { box-sizing: border-box }
[hidden] { display: none !important }
html { scrollbar-gutter: stable }
html:has(dialog[open]) { overflow: hidden }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: break-word; hyphens: auto }
h1, h2, dd, .content, .problem { overflow-wrap: anywhere }
h1 { margin: 0; font-size: 1.375rem; line-height: 1.25 }
h2 { margin: 0; font-size: 1.125rem; line-height: 1.3 }
h3 { margin: 1.25rem 0 .5rem; font-size: 1rem }
p { margin: .25rem 0 0 }
.quiet { color: var(--quiet) }
.problem { color: var(--bad) }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: -999rem }
.skip:focus { left: 1rem; top: .5rem; z-index: 1 }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .25rem }
a { color: var(--link) }
button, input, select { min-height: 2.5rem; padding: .375rem .75rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--card); color: var(--text); font: inherit }
button { color: var(--link); cursor: pointer }
button:hover, .csv:hover { background: var(--hover) }
input[type=checkbox] { min-height: 0; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--link) }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; margin-bottom: 1rem }
header > div { flex: 1 1 16rem }
header p { font-size: .875rem }
.line::before { content: ''; display: inline-block; width: .75rem; height: .75rem; margin-right: .5rem; border-radius: 50%; background: var(--wait) }
.line[data-state=open]::before { background: var(--good) }
.line[data-state=lost] { color: var(--bad) }
.line[data-state=lost]::before { background: var(--bad) }
section { margin-top: 1.5rem; min-width: 0 }
.title { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; margin-bottom: .5rem }
.csv { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--card) }
.count { color: var(--quiet); font-weight: normal; font-variant-numeric: tabular-nums }
footer nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 2rem 0 1rem }
footer a { padding: .5rem 0 }
.pbx { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-left: .375rem solid var(--quiet); border-radius: .5rem }
.pbx.good { border-left-color: var(--good) }
.pbx.good h2 { color: var(--good) }
.pbx.bad { border-left-color: var(--bad) }
.pbx.bad h2 { color: var(--bad) }
.pbx .problem { color: var(--text) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(5.5rem, 1fr)); gap: .5rem; margin: .75rem 0 0 }
.figures div { display: flex; flex-direction: column; justify-content: space-between; padding: .625rem .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
.figures dt { color: var(--quiet); font-size: .875rem; line-height: 1.3 }
.figures dd { margin: .125rem 0 0; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.figures.small { grid-template-columns: repeat(auto-fit, minmax(5.5rem, 1fr)); margin: 0 0 .5rem }
.figures.small dd { font-size: 1.25rem }
`

const TABLES = `
table { width: 100%; margin-top: .5rem; border-collapse: separate; border-spacing: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
th { padding: .5rem .75rem; color: var(--quiet); font-size: .875rem; font-weight: 600; text-align: left; white-space: nowrap }
td { padding: .25rem .75rem; border-top: 1px solid var(--line) }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td { hyphens: manual }
td button { min-height: 2rem; white-space: nowrap; padding: .125rem .5rem; margin-left: -.5rem; border-color: transparent; background: none; font-variant-numeric: tabular-nums; text-align: left; text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }
.calls tbody tr { cursor: pointer }
tbody tr:hover { background: var(--hover) }
span.number { display: inline-block; max-width: 18ch; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; white-space: nowrap; font-variant-numeric: tabular-nums }
.name { display: inline-block; max-width: 24ch; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; white-space: nowrap; color: var(--quiet) }
.who { display: inline-block; max-width: 22ch; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; white-space: nowrap }
.calls .who { max-width: 34ch; overflow-wrap: anywhere; white-space: normal }
.clock { font-variant-numeric: tabular-nums; font-weight: 600 }
.live tr[data-state=talking] button, .operators tr[data-state=talking] td:nth-child(2) { color: var(--good) }
.live tr[data-state=ringing] button, .live tr[data-state=queued] button, .live tr[data-state=held] button, .live tr[data-state=parked] button, .operators tr[data-state=ringing] td:nth-child(2) { color: var(--wait) }
.operators tr[data-state=offline] td:nth-child(2) { color: var(--quiet) }
tr[data-status=answered] .result, tr[data-status=completed] .result { color: var(--good) }
tr[data-missed=true] .result { color: var(--bad); font-weight: 600 }
.filters { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem .75rem }
.field { display: flex; flex-direction: column; font-size: .875rem; color: var(--quiet); min-width: 0 }
.filters > .field:first-child { flex: 1 1 12rem }
.filters .field > input, .filters .field > select { width: 100% }
.filters .check { display: flex; align-items: center; gap: .5rem; min-height: 2.5rem; color: var(--text); cursor: pointer }
.custom { display: flex; flex-wrap: wrap; gap: .5rem .75rem }
.more { display: block; width: 100%; margin-top: .5rem }
@media (max-width: 45rem) {
  .filters > .field, .custom > .field { flex: 1 1 8rem }
  .custom { flex: 1 1 100% }
  table { background: none; border: 0 }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  table, tbody, tr { display: block }
  tr { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem .75rem; margin-bottom: .5rem; padding: .5rem .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
  .operators tr { grid-template-columns: 1fr 1fr 1fr }
  td, td.number { display: block; padding: 0; border: 0; text-align: left; white-space: normal; min-width: 0 }
  td::before { content: attr(data-label); display: block; color: var(--quiet); font-size: .75rem; line-height: 1.2 }
  td button { min-height: 1.75rem; margin: 0; padding: 0; white-space: normal }
  span.number, .who, .name { max-width: 100%; min-width: 0 }
  .filters .check { font-size: .875rem }
  .figures div { padding: .5rem }
  .figures dt { font-size: .8125rem }
  .figures dd { font-size: 1.375rem }
}
`

const STORY = `
dialog { width: min(56rem, 100vw - 1rem); max-width: none; max-height: calc(100dvh - 1rem); padding: 0; border: 1px solid var(--line); border-radius: .75rem; background: var(--ground); color: var(--text) }
dialog::backdrop { background: #0009 }
dialog > .title { position: sticky; top: 0; flex-wrap: nowrap; align-items: center; margin: 0; padding: .75rem 1rem; background: var(--card); border-bottom: 1px solid var(--line) }
.close { flex: none }
.content { padding: 1rem }
.verdict { margin: 0 0 .75rem; font-weight: 600 }
.verdict[data-missed=true] { color: var(--bad) }
.timeline { --bar-name: 7rem; padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
.timeline ul, .legs { margin: 0; padding: 0; list-style: none }
.timeline li { display: grid; grid-template-columns: var(--bar-name) 1fr; gap: .75rem; align-items: center; min-height: 1.75rem }
.timeline svg { display: block; width: 100%; height: 1rem; background: var(--ground); border-radius: .25rem }
rect.waiting { fill: var(--wait-bar) }
rect.ringing { fill: var(--wait) }
rect.talking { fill: var(--good) }
.axis { display: flex; justify-content: space-between; margin-left: calc(var(--bar-name) + .75rem); color: var(--quiet); font-size: .875rem; font-variant-numeric: tabular-nums }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem; color: var(--quiet) }
.legend span::before { content: ''; display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem; border-radius: .125rem; background: var(--wait-bar) }
.legend .ringing::before { background: var(--wait) }
.legend .talking::before { background: var(--good) }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem 1rem; margin: 1rem 0 0 }
.facts dt { color: var(--quiet); font-size: .875rem }
.facts dd { margin: 0 }
.legs li { padding: .5rem .75rem; margin-bottom: .5rem; background: var(--card); border: 1px solid var(--line); border-left: .25rem solid var(--wait-bar); border-radius: .375rem }
.legs li[data-result=answered] { border-left-color: var(--good) }
.legs p { font-size: .875rem }
`

const WALL = `
@media (min-width: 90rem) {
  body { max-width: none; padding: 1.5rem 2rem }
  main { display: grid; grid-template: auto auto 1fr / minmax(0, 4fr) minmax(0, 5fr); gap: 1.5rem 2rem }
  main section { margin: 0 }
  .status { grid-column: 1 / -1; display: grid; grid-template-columns: minmax(0, 4fr) minmax(0, 5fr); gap: 2rem; align-items: stretch }
  .status .figures { margin: 0 }
  td, th { padding-inline: .5rem }
  .live { grid-area: 2 / 1 }
  .operators { grid-area: 3 / 1 }
  .calls { grid-area: 2 / 2 / span 2 }
}
@media (max-width: 45rem) { .timeline { --bar-name: 5.5rem } .bar-name { font-size: .875rem } .facts { grid-template-columns: 1fr 1fr } }
@media (prefers-reduced-motion: no-preference) { button, tr { transition: background-color .15s } }
@media (forced-colors: active) { .timeline svg, .legend span::before, .line::before { forced-color-adjust: none } }
`

/** CSS. */
export const PAGE_STYLE = [COLOURS, BASE, TABLES, STORY, WALL].join('')
