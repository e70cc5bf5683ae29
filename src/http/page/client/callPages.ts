// The calls of all pages that were loaded, newest first: merges a fresh first page or the next older page.
//
// No I/O. A fresh page replaces the calls of its own span of time; older calls stay as they were loaded.

import { compareIds, type ListedCall, type ListedCallPage } from './entries.ts'

export interface CallPages {
  readonly calls: readonly ListedCall[]
  /** The cursor of the next older page; null if there is none. */
  readonly next: string | null
}

export const NO_PAGES: CallPages = { calls: [], next: null }

/** Appends the next older page. */
export function withOlder({ calls }: CallPages, page: ListedCallPage): CallPages {
  const known = new Set(calls.map(({ id }) => id))
  return { calls: [...calls, ...page.calls.filter(({ id }) => !known.has(id))], next: page.next }
}

/** Merges the newest page, loaded again. If it does not overlap the loaded calls, it replaces them. */
export function withFresh(pages: CallPages, page: ListedCallPage): CallPages {
  const last = page.calls.at(-1)
  if (page.next === null) {
    return { calls: page.calls, next: null }
  }
  // A page may be empty without being the last; then the loaded calls are kept.
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

function isOlder(one: ListedCall, other: ListedCall): boolean {
  return one.start_time === other.start_time ? compareIds(one.id, other.id) < 0 : one.start_time < other.start_time
}
