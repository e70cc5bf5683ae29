// Totals: numbers that must survive a restart and that retention must not lower.
//
// The log does not know what they count. It adds each amount to what it has under the same name and labels, in the
// order of arrival, and stores the sum itself rather than the amount: whoever starts from the stored sums and adds the
// same amounts in the same order has, to the last bit, what is stored; and writing a sum twice does no harm.

import type { Total } from '../../totals/total.ts'

/** A sum as it is stored: labels as JSON text with the names in order, so that equal labels are equal text. */
export interface StoredTotal {
  readonly name: string
  readonly labels: string
  readonly value: number
}

/** The sums, by name and labels. */
export class Sums {
  readonly #sums = new Map<string, StoredTotal>()

  constructor(stored: readonly Total[]) {
    for (const total of stored) {
      this.add(total)
    }
  }

  /** Every sum, by its key. */
  get all(): ReadonlyMap<string, StoredTotal> {
    return this.#sums
  }

  /** Adds the amount; returns the new sum and its key. An amount that is no number changes nothing. */
  add(total: Total): { readonly key: string; readonly sum: StoredTotal } {
    const labels = labelsText(total.labels)
    const key = sumKey({ name: total.name, labels })
    const amount = Number.isFinite(total.value) ? total.value : 0
    const sum = { name: total.name, labels, value: (this.#sums.get(key)?.value ?? 0) + amount }
    this.#sums.set(key, sum)
    return { key, sum }
  }
}

/** What tells one sum from another. */
export function sumKey({ name, labels }: Omit<StoredTotal, 'value'>): string {
  return `${name}${labels}`
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const ordered = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(ordered))
}

/** The stored sum as its reader wants it. Labels that cannot be read are none. */
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
