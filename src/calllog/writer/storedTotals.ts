// Totals: sums that survive a restart and that retention does not lower.
//
// The log does not know what they count. It adds each amount to the sum with the same name and labels, in the order of arrival, and
// stores the sum, not the amount. Writing a sum twice does no harm, and a program that restores the sums and adds the same amounts
// in the same order gets the stored values to the last bit.

import type { Total } from '../../totals/total.ts'

/** A sum as it is stored: labels are JSON text with sorted names, so that equal labels have equal text. */
export interface StoredTotal {
  readonly name: string
  readonly labels: string
  readonly value: number
}

/** The sums, by name and labels. */
export class Sums {
  readonly #sums = new Map<string, StoredTotal>()
  // The key of each sum by its name and labels as they were given. To write labels in order as JSON, for each of some 60 amounts of a
  // call, costs more than to add them up.
  readonly #keys = new Map<string, SumKey>()

  constructor(stored: readonly Total[]) {
    for (const total of stored) {
      this.add(total)
    }
  }

  /** All sums by key. */
  get all(): ReadonlyMap<string, StoredTotal> {
    return this.#sums
  }

  /** Adds the amount; returns the new sum and its key. NaN and infinity add nothing. */
  add(total: Total): { readonly key: string; readonly sum: StoredTotal } {
    const { key, labels } = this.#keyOf(total)
    const amount = Number.isFinite(total.value) ? total.value : 0
    const sum = { name: total.name, labels, value: (this.#sums.get(key)?.value ?? 0) + amount }
    this.#sums.set(key, sum)
    return { key, sum }
  }

  #keyOf({ name, labels }: Total): SumKey {
    let given = name
    for (const label in labels) {
      given += `\0${label}\0${labels[label]}`
    }
    const known = this.#keys.get(given)
    if (known !== undefined) {
      return known
    }
    const text = labelsText(labels)
    const made = { labels: text, key: sumKey({ name, labels: text }) }
    this.#keys.set(given, made)
    return made
  }
}

interface SumKey {
  readonly key: string
  readonly labels: string
}

/** The key of a sum: its name and labels. */
export function sumKey({ name, labels }: Omit<StoredTotal, 'value'>): string {
  return `${name}${labels}`
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const ordered = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(ordered))
}

/** The stored sum with parsed labels. Labels that cannot be parsed become an empty object. */
export function readTotal(stored: StoredTotal): Total {
  return { name: stored.name, labels: readLabels(stored.labels), value: stored.value }
}

function readLabels(text: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text)
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}
