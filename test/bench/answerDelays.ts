// How late a scrape sees an answer: from the moment a phone sends its `200 OK` to the end of the first scrape that shows the call talking.
//
// One call at a time, one scrape after the other; the time of the scrape itself is in it.

import { setTimeout as sleep } from 'node:timers/promises'
import { Phones } from '../system/e2e/lab/phones/phones.ts'
import { CAST, PORTS } from '../system/e2e/lab/place.ts'
import type { Scrape } from './scraping.ts'

const RINGS_MS = 60
const GIVE_UP_MS = 5_000
const TALKING = /^asterisk_calls_active\{[^}]*state="talking"[^}]*\} (\d+)/gm

/** In ms, one for each call. Rejects when an answer never shows. */
export async function answerDelays(calls: number, scrape: () => Promise<Scrape>): Promise<readonly number[]> {
  const [caller = '', callee = ''] = CAST
  const phones = await Phones.open(PORTS.phones)
  const delays: number[] = []
  try {
    for (let made = 0; made < calls; made += 1) {
      const outgoing = phones.call({ from: caller, to: callee })
      const incoming = await phones.rung(callee)
      // Not at the same distance from the program's own rhythms each time.
      await sleep(RINGS_MS + (made % 17))
      const answeredAt = performance.now()
      incoming.answer()
      await until(scrape, (talking) => talking > 0)
      delays.push(performance.now() - answeredAt)
      const talk = await outgoing.answered
      await talk.hangUp()
      await until(scrape, (talking) => talking === 0)
    }
  } finally {
    phones.close()
  }
  return delays
}

async function until(scrape: () => Promise<Scrape>, isSo: (talking: number) => boolean): Promise<void> {
  const end = performance.now() + GIVE_UP_MS
  while (performance.now() < end) {
    const { text } = await scrape()
    if (isSo([...text.matchAll(TALKING)].reduce((sum, match) => sum + Number(match[1]), 0))) {
      return
    }
  }
  throw new Error('a call that was answered, or that ended, never showed on /metrics')
}
