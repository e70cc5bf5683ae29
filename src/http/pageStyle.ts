// The looks of the landing page: readable on a phone and on a wall, light or dark as the reader's system is.
//
// One constant; the server allows exactly this style by its hash. Colours have a contrast of 4.5 or more on their ground.

/** CSS. */
export const PAGE_STYLE = `
:root { --ground: #f6f7f9; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d5dae0; --link: #0757b8; --good: #157a3c; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161b; --card: #1b2128; --text: #e8ecf0; --quiet: #a3adb8; --line: #333c46; --link: #7ab7ff; --good: #5fd38a; --bad: #ff8a80 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 48rem; padding: 2rem 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 0; font-size: 1.125rem }
p { margin: .25rem 0 0 }
header p, footer, .connection p { color: var(--quiet) }
.connection { margin: 1.5rem 0 1rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-left: .375rem solid var(--good); border-radius: .5rem }
.connection h2 { color: var(--good) }
.connection.bad { border-left-color: var(--bad) }
.connection.bad h2 { color: var(--bad) }
.connection .problem { color: var(--text) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: .5rem 0 0 }
.figures div { display: flex; flex-direction: column; justify-content: space-between; padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
dt { color: var(--quiet); font-size: .875rem; line-height: 1.3 }
dd { margin: .25rem 0 0; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 }
a { padding: .5rem 1rem; color: var(--link); background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
footer { font-size: .875rem }
`
