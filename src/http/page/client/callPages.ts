// The calls of the list, over all pages that were loaded: what a fresh first page changes and what an older one adds.
//
// Pure. Newest first. A fresh page is the truth about its own stretch of time; what is older stays as it was loaded.

import type { CallEntry, CallPage } from '../../../query/schema.ts'

export interface CallPages {
  readonly calls: readonly CallEntry[]
  /** Where the next older page begins; null when there is none. */
  readonly next: string | null
}

export const NO_PAGES: CallPages = { calls: [], next: null }

/** The next older page. */
export function withOlder({ calls }: CallPages, page: CallPage): CallPages {
  const known = new Set(calls.map(({ id }) => id))
  return { calls: [...calls, ...page.calls.filter(({ id }) => !known.has(id))], next: page.next }
}

/** The newest page, asked for again. When it does not reach down to what was loaded, it stands alone. */
export function withFresh(pages: CallPages, page: CallPage): CallPages {
  const last = page.calls.at(-1)
  if (page.next === null) {
    return { calls: page.calls, next: null }
  }
  // A page may be empty without being the last: then it says nothing of what is older.
  if (last === undefined) {
    return pages.calls.length === 0 ? { calls: [], next: page.next } : pages
  }
  const fresh = new Set(page.calls.map(({ id }) => id))
  if (!pages.calls.some(({ id }) => fresh.has(id))) {
    return { calls: page.calls, next: page.next }
  }
  const older = pages.calls.filter((call) => !fresh.has(call.id) && isOlder(call, last))
  return older.length === 0
    ? { calls: page.calls, next: page.next }
    : { calls: [...page.calls, ...older], next: pages.next }
}

function isOlder(one: CallEntry, other: CallEntry): boolean {
  return one.start_time === other.start_time ? one.id < other.id : one.start_time < other.start_time
}
