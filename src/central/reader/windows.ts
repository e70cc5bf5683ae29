// The spans of time that a search goes through one after the other, from the newest day back or from the oldest on.
//
// A statement opens only the partitions of its span, so a page whose calls are found in the first day opens one or two. Spans grow, so
// that a search for what is rare needs few statements. No I/O.

const DAY_MS = 86_400_000

/** From an instant on, and before another; epoch ms, or infinite. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** After so many days, the next span is all that is left. */
const MOST_DAYS = 512

/** How far a search went. */
export interface Walk {
  /** Null: at the end. */
  readonly span: Span | null
  /** Of the span. */
  readonly days: number
}

/** The first span within bounds. `order`: from where; `now`: calls that begin later are in the first span. */
export function firstSpan(within: Span, order: 'newest' | 'oldest', now: number): Walk {
  if (within.from >= within.to) {
    return { span: null, days: 1 }
  }
  return order === 'newest'
    ? { span: { from: Math.max(within.from, dayOf(Math.min(within.to - 1, now))), to: within.to }, days: 1 }
    : { span: { from: within.from, to: Math.min(within.to, dayOf(within.from) + DAY_MS) }, days: 1 }
}

/** The span after another one. `mostDays`: not longer than that, but for the last one. */
export function nextSpan(
  { span, days }: Walk,
  within: Span,
  { order, now, mostDays }: { readonly order: 'newest' | 'oldest'; readonly now: number; readonly mostDays: number },
): Walk {
  const wanted = Math.max(1, Math.min(days * 2, Math.floor(mostDays)))
  const next = wanted > MOST_DAYS ? Number.POSITIVE_INFINITY : wanted
  if (span === null) {
    return { span, days }
  }
  if (order === 'newest') {
    const from = Math.max(within.from, span.from - next * DAY_MS)
    return { span: span.from <= within.from ? null : { from, to: span.from }, days: next }
  }
  // What begins later than now has a wrong clock: it is all in the last span.
  const to = span.to > now ? within.to : Math.min(within.to, span.to + next * DAY_MS)
  return { span: span.to >= within.to ? null : { from: span.to, to }, days: next }
}

/** When the UTC day of an instant began. */
export function dayOf(at: number): number {
  return Number.isFinite(at) ? Math.floor(at / DAY_MS) * DAY_MS : at
}

/** The instant so many days later. */
export function daysLater(at: number, days: number): number {
  return at + days * DAY_MS
}
