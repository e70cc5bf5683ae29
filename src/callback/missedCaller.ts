// A missed caller, and what can happen to one: the only output of this folder.
//
// Records never change after they were handed out. Times are epoch milliseconds, by the clock of the PBX.

/** `waiting`, or how it was closed. */
export const MISSED_CALLER_STATES = ['waiting', 'returned', 'called_again', 'expired'] as const

export type MissedCallerState = (typeof MISSED_CALLER_STATES)[number]

/** How a missed caller was closed: somebody called back, the caller called again and was answered, or it took too long. */
export const MISSED_CALLER_OUTCOMES = [
  'returned',
  'called_again',
  'expired',
] as const satisfies readonly MissedCallerState[]

export type MissedCallerOutcome = (typeof MISSED_CALLER_OUTCOMES)[number]

/** A person outside who was missed; one for each number, until it is closed. */
export interface MissedCaller {
  /** Rises, across restarts too; never used again. */
  readonly id: number
  /** Equal for all notations of a number. */
  readonly key: string
  /** Number and name as the last missed call showed them. */
  readonly number: string
  readonly name: string
  readonly state: MissedCallerState
  /** When the first and the last missed call ended. */
  readonly firstMissAt: number
  readonly lastMissAt: number
  /** Missed calls. */
  readonly attempts: number
  /** Calls to the number that were not answered. */
  readonly tries: number
  /** When the first missed call ended that no try has followed; null if a try followed the last one, or nobody waits any more. */
  readonly untriedSince: number | null
  /** Of the last missed call: the queue, if it waited in one, and the number that was called. */
  readonly queue: string | null
  readonly called: string
  /** When the closing call was answered, or when the time was over; null while it waits. */
  readonly closedAt: number | null
  /** `channelId` of the closing call; null if no call closed it. */
  readonly closedBy: string | null
  /** The phone that called back, or that answered the caller; null if no call closed it, or no single phone answered. */
  readonly closedByPhone: string | null
}

export type MissedCallerFact =
  /** `missedCall`: the `channelId` of the call by which it opened. */
  | {
      readonly type: 'MissedCallerOpened'
      readonly at: number
      readonly caller: MissedCaller
      readonly missedCall: string
    }
  /** Another missed call, or a call to the number that was not answered: then `missedCall` is null. */
  | {
      readonly type: 'MissedCallerChanged'
      readonly at: number
      readonly caller: MissedCaller
      readonly missedCall: string | null
    }
  /** Once for each `MissedCallerOpened`. `displaced`: it expired early, because more of them waited than allowed. */
  | {
      readonly type: 'MissedCallerClosed'
      readonly at: number
      readonly caller: MissedCaller
      readonly displaced: boolean
    }
  /** An inbound call without a number was missed: nobody can call back. */
  | { readonly type: 'UnknownCallerMissed'; readonly at: number; readonly missedCall: string }

/** How long the caller waited, in ms: from the end of the first missed call until it was closed, or until `at`. */
export function waitedMs({ firstMissAt, closedAt }: MissedCaller, at: number): number {
  return Math.max(0, (closedAt ?? at) - firstMissAt)
}
