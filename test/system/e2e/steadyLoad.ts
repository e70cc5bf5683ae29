// A rush of calls of every common kind, at a steady pace: which they are, who takes them, and how they must end.
//
// The number dialed decides how a call ends, so that the sums are known beforehand. Times in ms.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Dialing, Incoming, Phones } from './lab/phones/phones.ts'

interface Kind {
  readonly ends: string
  /** How many of twenty calls. */
  readonly share: number
  readonly to: string
  readonly inbound?: true
  /** What the caller does: hangs up after a talk, leaves that to the other side, or gives up while it rings. */
  readonly caller: 'hangs up' | 'waits' | 'gives up'
  /** Asterisk answers by itself, so that billsec begins too early. */
  readonly announced?: true
}

const KINDS: readonly Kind[] = [
  { ends: 'internal answered', share: 5, to: '3481', caller: 'hangs up' },
  { ends: 'inbound answered', share: 3, to: '3482', inbound: true, caller: 'waits' },
  { ends: 'outbound answered', share: 2, to: '48049900', caller: 'hangs up' },
  { ends: 'internal no_answer', share: 1, to: '473483', caller: 'waits' },
  { ends: 'inbound no_answer', share: 1, to: '473483', inbound: true, caller: 'waits' },
  { ends: 'internal busy', share: 1, to: '3484', caller: 'waits' },
  { ends: 'internal rejected', share: 1, to: '3493', caller: 'waits' },
  { ends: 'inbound invalid_number', share: 1, to: '3494', inbound: true, caller: 'waits' },
  { ends: 'internal cancelled', share: 1, to: '3483', caller: 'gives up' },
  { ends: 'inbound cancelled', share: 1, to: '3483', inbound: true, caller: 'gives up' },
  { ends: 'inbound answered', share: 1, to: '620', inbound: true, caller: 'hangs up', announced: true },
  { ends: 'inbound abandoned', share: 1, to: '621', inbound: true, caller: 'hangs up', announced: true },
  { ends: 'inbound self_service', share: 1, to: '501', inbound: true, caller: 'hangs up', announced: true },
]
// A queue looks after its callers about once a second: so long a caller waits for the agent, and talks only then.
const PATIENCE_MS = 2_000
// An Asterisk that died says nothing any more; the longest of these calls takes six seconds.
const LONGEST_MS = 12_000
const ROUND = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind))

/** The numbers that Asterisk answers by itself. */
export const ANNOUNCED: ReadonlySet<string> = new Set(KINDS.filter((kind) => kind.announced).map((kind) => kind.to))

/** How many of so many calls end how, by direction and disposition; `calls` in whole rounds of twenty. */
export function rushEnds(calls: number): Record<string, number> {
  const ends: Record<string, number> = {}
  for (const kind of KINDS) {
    ends[kind.ends] = (ends[kind.ends] ?? 0) + (kind.share * calls) / ROUND.length
  }
  return ends
}

/** Whether a call to that number may end so. */
export function isMeant(to: string, end: string): boolean {
  return KINDS.some((kind) => kind.to === to && kind.ends === end)
}

/** Plays them, `perSecond`; resolves when the last one is over, with what did not go as it was meant. */
export async function playRush(phones: Phones, calls: number, perSecond: number): Promise<string[]> {
  takeCalls(phones)
  const begun = Date.now()
  const all = Array.from({ length: calls }, async (_, index) => {
    await sleep(Math.max(0, begun + (index * 1000) / perSecond - Date.now()))
    await playOne(phones, index)
  })
  const results = await Promise.allSettled(all)
  return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
}

/** Calls without end, until it is stopped. */
export interface Rush {
  /** Begun; and of them those that did not go as they were meant, or of which no more was heard. */
  readonly count: { begun: number; broken: number }
  /** Begins no more; resolves when the last one is over. */
  stop(): Promise<void>
}

/** Begins calls at once, in the same mixture, whatever becomes of them. */
export function startRush(phones: Phones, perSecond: number): Rush {
  takeCalls(phones)
  return startCalls(perSecond, (index) => Promise.race([playOne(phones, index), unheardOf()]))
}

/** Begins calls at once, so many a second; `play` rejects if one does not go as it was meant. */
export function startCalls(perSecond: number, play: (index: number) => Promise<void>): Rush {
  const count = { begun: 0, broken: 0 }
  const open = new Set<Promise<void>>()
  const timer = setInterval(() => {
    const over = play(count.begun++)
      .catch(() => {
        count.broken += 1
      })
      .finally(() => open.delete(over))
    open.add(over)
  }, 1000 / perSecond)
  return {
    count,
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
    },
  }
}

async function unheardOf(): Promise<never> {
  await sleep(LONGEST_MS, undefined, { ref: false })
  throw new Error('no more was heard of it')
}

function takeCalls(phones: Phones): void {
  phones.always('3481', (incoming) => void answers(incoming, { ring: 300, talk: 0 }))
  phones.always('3482', (incoming) => void answers(incoming, { ring: 400, talk: 900 }))
  phones.always('049900', (incoming) => void answers(incoming, { ring: 500, talk: 0 }))
  phones.always('3491', (incoming) => void answers(incoming, { ring: 300, talk: 0 }))
  phones.always('3483', () => undefined)
  phones.always('3492', () => undefined)
  phones.always('3484', (incoming) => incoming.refuse('486 Busy Here'))
  phones.always('3493', (incoming) => incoming.refuse('603 Decline'))
  phones.always('3494', (incoming) => incoming.refuse('404 Not Found'))
}

async function answers(incoming: Incoming, times: { readonly ring: number; readonly talk: number }): Promise<void> {
  await sleep(times.ring)
  const talk = incoming.answer()
  if (times.talk === 0) {
    return
  }
  await sleep(times.talk)
  // Where Asterisk knows no such call any more, it is over.
  await talk.hangUp().catch(() => undefined)
}

// The kinds are mixed by a step that has no divisor in common with the length of the round; no two talks are alike.
async function playOne(phones: Phones, index: number): Promise<void> {
  const kind = ROUND[(index * 7) % ROUND.length]
  if (kind === undefined) {
    return
  }
  const call = phones.call(dialing(kind, index))
  const talk = 700 + ((index * 611) % 1500)
  if (kind.caller === 'gives up') {
    await call.alive
    await sleep(talk / 3)
    call.giveUp()
    await call.refused
  } else if (kind.ends.endsWith(' answered') || kind.announced) {
    const connected = await call.answered
    if (kind.to === '620') {
      await sleep(PATIENCE_MS)
    }
    await (kind.caller === 'waits' ? connected.over : sleep(talk).then(() => connected.hangUp()))
  } else {
    await call.refused
  }
}

function dialing(kind: Kind, index: number): Dialing {
  if (!kind.inbound) {
    return { from: `347${1 + (index % 4)}`, to: kind.to }
  }
  return { from: `0601${String(index).padStart(5, '0')}`, to: kind.to, trunk: 'trunk-b' }
}
