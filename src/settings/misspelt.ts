// Finds misspelt settings in the environment: a misspelt name has no effect and would cause no message.

import { type Environment, SETTING_LIST } from './settings.ts'

// Variables with these prefixes are meant for this program.
const OWN = /^(ARI|CALL_LOG|FLEET)_/
const MOST_EDITS = 2

/** Settings that were renamed: old name -> new name. */
const RENAMED: Readonly<Record<string, string>> = { HTTP_OPEN_METRICS: 'HTTP_METRICS_WITHOUT_AUTH' }

/** One sentence for each misspelt or renamed setting; values are not shown. */
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
    const nearest = nearestName(given.toUpperCase(), names)
    if (nearest !== null) {
      return [`${given} is not a setting of this program: did you mean ${nearest}?`]
    }
    return OWN.test(given) ? [`${given} is not a setting of this program: see --help`] : []
  })
}

/** The name that differs least from this one, by two letters at most; null if none does. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const [nearest] = names
    .map((name) => ({ name, edits: editsBetween(given, name) }))
    .sort((one, other) => one.edits - other.edits)
  return nearest !== undefined && nearest.edits <= MOST_EDITS ? nearest.name : null
}

/** The Levenshtein distance: letters to change, add or remove. */
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
