// How often may be asked: the budget, and slower while Asterisk answers slowly.
//
// Two slow answers among the last twenty mean that their 95th percentile is too high: the rate is halved, down to one question in ten
// seconds. Twenty answers with at most one slow one double it again, up to the budget. So do twenty seconds without a slow one, because
// twenty answers take minutes when one question is asked in ten seconds. Knows no clock.

/** An answer that takes longer is slow. */
const SLOW_MS = 50

/** Answers that are judged together. */
const WINDOW = 20

/** This many slow ones among them put the 95th percentile beyond the limit. */
const TOO_MANY_SLOW = 2

/** A lowered rate is doubled after so long without a slow answer, however few answers there were. */
const QUICK_FOR_MS = 20_000

const LONGEST_INTERVAL_MS = 10_000

export interface Pace {
  /** Milliseconds from one question to the next. */
  intervalMs(): number
  /** An answer took so long; one that did not come, as long as it was waited for. */
  took(ms: number): void
}

/** `perSecond`: the budget, above 0. */
export function createPace(perSecond: number): Pace {
  const shortestMs = 1000 / perSecond
  let intervalMs = shortestMs
  let answers = 0
  let slow = 0
  let quickInARow = 0

  function change(toMs: number): void {
    intervalMs = Math.min(Math.max(shortestMs, LONGEST_INTERVAL_MS), Math.max(shortestMs, toMs))
    answers = 0
    slow = 0
    quickInARow = 0
  }

  return {
    intervalMs: () => intervalMs,
    took(ms) {
      answers += 1
      const isSlow = ms > SLOW_MS
      slow += isSlow ? 1 : 0
      quickInARow = isSlow ? 0 : quickInARow + 1
      const isQuickAgain = intervalMs > shortestMs && quickInARow * intervalMs >= QUICK_FOR_MS
      if (slow >= TOO_MANY_SLOW) {
        change(intervalMs * 2)
      } else if (answers === WINDOW || isQuickAgain) {
        change(intervalMs / 2)
      }
    },
  }
}
