// What the search box suggests for a text: what the text means as it is, and the phones, queues, trunks, lines and sites whose names have it.
//
// No I/O. What a text means is decided by the server (query/searchText.ts); a test compares the two.

import { type Filters, NO_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'

/** Filters that a suggestion can be, in their order. */
const KINDS = ['operator', 'queue', 'trunk', 'line', 'site'] as const

type Kind = (typeof KINDS)[number]

/** The names that the page knows, each with a text by which it is found too, such as the name of an agent. */
export type Known = Readonly<Record<Kind, ReadonlyMap<string, string>>>

export interface Suggestion {
  readonly text: string
  /** What the filters become. */
  readonly change: Partial<Filters>
}

const MOST = 9
const MOST_OF_A_KIND = 4
/** From so many digits on, a number is found in whatever notation. */
const WHOLE_NUMBER_DIGITS = 7

/** How the server searches for a text. */
export function meaningOf(text: string): 'name' | 'ending' | 'number' | 'part' {
  const written = text.trim()
  if (/^(?=.*[*#])(?=.*\d)[\d*#]+$/.test(written)) {
    return 'ending'
  }
  const digits = written.replace(/\D/g, '').length
  if (digits === 0 || !/^\+?[\d\s().\-/]+$/.test(written)) {
    return 'name'
  }
  if (digits >= WHOLE_NUMBER_DIGITS) {
    return 'number'
  }
  return written.startsWith('+') ? 'part' : 'ending'
}

/** The words of the filter `text`. */
export function meaningText(text: string, { t }: Pick<I18n, 't'>): string {
  return t(`search.${meaningOf(text)}`, { value: text.trim() })
}

/** The text itself first, then names that begin with it, then names that contain it. */
export function suggestionsOf(typed: string, known: Known, i18n: Pick<I18n, 't'>): readonly Suggestion[] {
  const text = typed.trim()
  if (text === '') {
    return []
  }
  const itself: Suggestion = { text: meaningText(text, i18n), change: { text } }
  const named = KINDS.flatMap((kind) =>
    matches(text, known[kind]).map(([name, of]) => suggestion(kind, name, of, i18n)),
  )
  return [itself, ...named].slice(0, MOST)
}

function suggestion(kind: Kind, name: string, of: string, { t }: Pick<I18n, 't'>): Suggestion {
  const value = of === '' || of === name ? name : `${name} (${of})`
  return { text: t(`filter.${kind}`, { value }), change: { text: NO_FILTERS.text, [kind]: name } }
}

function matches(text: string, names: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const wanted = text.toLowerCase()
  const rank = ([name, of]: readonly [string, string]): number => {
    const [one, other] = [name.toLowerCase().indexOf(wanted), of.toLowerCase().indexOf(wanted)]
    return one === 0 || other === 0 ? 0 : one > 0 || other > 0 ? 1 : 2
  }
  return [...names]
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((each) => each.rank < 2)
    .toSorted(
      (one, other) => one.rank - other.rank || one.entry[0].localeCompare(other.entry[0], undefined, { numeric: true }),
    )
    .slice(0, MOST_OF_A_KIND)
    .map(({ entry }) => entry)
}
