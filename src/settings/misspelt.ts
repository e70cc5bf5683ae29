// Names in the environment that look like a setting and are not: a misspelt setting would have no effect and cause no message.

import { type Environment, SETTING_LIST } from './settings.ts'

// Names with these beginnings are meant for this program.
const OWN = /^(ARI|CALL_LOG)_/
const MOST_EDITS = 2

/** Settings that had another name in an earlier version: old name -> name now. */
const RENAMED: Readonly<Record<string, string>> = { HTTP_OPEN_METRICS: 'HTTP_METRICS_WITHOUT_AUTH' }

/** One sentence for each; the values are not repeated. */
export function misspelt(environment: Environment): readonly string[] {
  const names = SETTING_LIST.map(({ name }) => name)
  return Object.keys(environment).flatMap((given) => {
    if (names.includes(given)) {
      return []
    }
    const renamed = RENAMED[given.toUpperCase()]
    if (renamed !== undefined) {
      return [`${given} has no effect: the setting is now called ${renamed}`]
    }
    const [nearest] = names
      .map((name) => ({ name, edits: editsBetween(given.toUpperCase(), name) }))
      .sort((one, other) => one.edits - other.edits)
    if (nearest !== undefined && nearest.edits <= MOST_EDITS) {
      return [`${given} is no setting of this program: did you mean ${nearest.name}?`]
    }
    return OWN.test(given) ? [`${given} is no setting of this program: see --help`] : []
  })
}

/** Letters to change, add or leave out (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1]
    for (let column = 1; column <= other.length; column += 1) {
      const above = row[column] ?? 0
      const diagonal = row[column - 1] ?? 0
      const left = next[column - 1] ?? 0
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === other[column - 1] ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
