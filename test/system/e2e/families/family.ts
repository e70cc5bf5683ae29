// What a family of calls is to the test: who does what, and what must be written down of it.
//
// Expectations say what happened, in the terms of the call log; they are written from the meaning of the call and never
// from what a program printed. Times in ms; short, but long enough that an error of 0.1 s would show.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Dialing, Phones } from '../lab/phones/phones.ts'
import type { Talk } from '../lab/phones/talk.ts'

/** The phones of one scenario, which no other scenario uses; `outside` is a number beyond trunk-b. */
export interface Cast {
  readonly phones: Phones
  readonly a: string
  readonly b: string
  readonly c: string
  readonly d: string
  readonly outside: string
}

/** What one row of `calls` must hold; what is left out is not asked for. `answered_by` is compared as a list. */
export interface ExpectedRow {
  readonly caller?: string
  readonly callee?: string
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'transit'
  readonly disposition: string
  readonly missed: 0 | 1
  readonly hangup_by?: 'caller' | 'callee' | 'system'
  readonly answered_by?: readonly string[]
  readonly transfers?: number
  readonly queue?: string | null
  readonly trunk?: string | null
}

export interface Family {
  readonly name: string
  /** Plays it; resolves when the last one has hung up. What it returns is compared with the rows it caused. */
  readonly play: (cast: Cast) => Promise<Played | undefined>
  /** The rows it must leave, in the order in which the calls began. */
  readonly rows: (cast: Cast) => readonly ExpectedRow[]
  /** Every phone and trunk that the first of these calls was offered to, and how each took it; in any order. */
  readonly legs?: (cast: Cast) => readonly string[]
  /** A bare leg meets nobody: its answer is that it picked up. */
  readonly pickedUp?: true
  /** CDR's billsec is the conversation here: Asterisk answered nothing by itself, and nobody was transferred. */
  readonly billsec?: true
  /** How queue_log must say that each stay ended, in order; null: it says nothing of that queue. */
  readonly queues?: readonly { readonly name: string; readonly outcome: string | null }[]
}

/** What only the players know. */
export interface Played {
  /** Milliseconds on hold, at least and at most; null: music was played in a transfer, for as long as Asterisk liked. */
  readonly held: readonly [least: number, most: number] | null
}

/** Nothing is said of it any more than of an answered call. */
export const ANSWERED = { disposition: 'answered', missed: 0 } as const

/** A call from outside to `to`, over trunk-b. */
export function fromOutside({ outside }: Cast, to: string): { from: string; to: string; trunk: string } {
  return { from: outside, to, trunk: 'trunk-b' }
}

/** A call that somebody picks up after so long; its two ends, once both talk. */
export async function connect(
  phones: Phones,
  dialing: Dialing,
  { by, afterMs }: { readonly by: string; readonly afterMs: number },
): Promise<{ readonly caller: Talk; readonly callee: Talk }> {
  const call = phones.call(dialing)
  const callee = await phones.picksUp(by, afterMs)
  return { caller: await call.answered, callee }
}

/** A conversation of that length, ended by this phone. */
export async function talkFor(talk: { readonly hangUp: () => Promise<void> }, ms: number): Promise<void> {
  await sleep(ms)
  await talk.hangUp()
}
