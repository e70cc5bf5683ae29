// Whether Asterisk forgets the name of an application once its listener has left.
//
// Asterisk 22 does, mostly within milliseconds. Asterisk 16.28 keeps the name until it is restarted; the next run must know that such a
// name is its own.

import { setTimeout as sleep } from 'node:timers/promises'
import { ticks } from '../time/clock.ts'
import type { RestResult } from './rest/result.ts'

/** Asterisk forgets a name within this time, or never. */
const FORGETS_WITHIN_MS = 200
const ASK_EVERY_MS = 20

/** Resolves with false once the name is unknown; with true if it stays, or if Asterisk does not tell. */
export async function isNameKept(hasApplication: () => Promise<RestResult<boolean>>): Promise<boolean> {
  const beganAt = ticks()
  for (;;) {
    const known = await hasApplication()
    if (!known.ok || ticks() - beganAt >= FORGETS_WITHIN_MS) {
      return !known.ok || known.value
    }
    if (!known.value) {
      return false
    }
    await sleep(ASK_EVERY_MS)
  }
}
