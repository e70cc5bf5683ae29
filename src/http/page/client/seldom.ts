// Draws what nobody reads faster: at once, and then again after a pause at the earliest.

import { ticks } from './clock.ts'

/** Calls of the result within `ms` of each other are one call of `act`, at the end of that time. */
export function seldom(ms: number, act: () => void): () => void {
  let actedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = (): void => {
    timer = undefined
    actedAt = ticks()
    act()
  }
  return () => {
    const rest = actedAt + ms - ticks()
    if (rest <= 0) {
      now()
    } else if (timer === undefined) {
      timer = setTimeout(now, rest)
    }
  }
}
