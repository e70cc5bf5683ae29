// What somebody does to the PBX over HTTP, as it is recorded.

import type { DestinationClass } from '../call/event.ts'

export type ActionKind = 'call' | 'hang_up'

/** `requested`: Asterisk is asked, and has not answered yet. `unknown`: it did not answer. `refused`: it was not asked. */
export type ActionOutcome = 'requested' | 'done' | 'failed' | 'unknown' | 'refused'

/** `internal`: a phone or queue of this PBX; else what src/numbers says. */
export type NumberKind = 'internal' | DestinationClass

/** One action, and what became of it. */
export interface Action {
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  /** The user of the password, or `token`. */
  readonly who: string
  readonly action: ActionKind
  readonly channelId: string | null
  /** The phone that is called first. */
  readonly phone: string | null
  /** The number that it is connected with. */
  readonly number: string | null
  readonly numberKind: NumberKind | null
  readonly outcome: ActionOutcome
  /** Why not. */
  readonly detail: string | null
}
