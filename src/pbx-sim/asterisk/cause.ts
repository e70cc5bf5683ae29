// The hang-up causes (Q.850) that the scenarios use, with Asterisk's texts.
// Source: recorded traffic; `techCause` is the SIP code that came with it.

export interface Cause {
  readonly cause: number
  readonly text: string
  readonly techCause?: number
}

export const NORMAL: Cause = { cause: 16, text: 'Normal Clearing' }
/** Asterisk's cause for a dial that timed out, and for a caller who leaves a queue or an announcement. */
export const UNKNOWN: Cause = { cause: 0, text: 'Unknown' }
export const ANSWERED_ELSEWHERE: Cause = { cause: 26, text: 'Answered elsewhere' }
export const BUSY: Cause = { cause: 17, text: 'User busy', techCause: 486 }
export const DECLINED: Cause = { cause: 21, text: 'Call Rejected', techCause: 603 }
/** What Asterisk sends to the caller after a 603. */
export const FORBIDDEN: Cause = { cause: 21, text: 'Call Rejected', techCause: 403 }
/** SIP 480; also the cause of a channel that an application or a page stopped dialing while it rang. */
export const NO_REPLY: Cause = { cause: 19, text: 'User alerting, no answer', techCause: 480 }
/** An application or the manager ends a channel. */
export const ON_REQUEST: Cause = { cause: 32, text: '' }
export const NO_SUCH_NUMBER: Cause = { cause: 1, text: 'Unallocated (unassigned) number', techCause: 404 }
export const NO_ROUTE: Cause = { cause: 3, text: 'No route to destination', techCause: 404 }
export const CONGESTED: Cause = { cause: 34, text: 'Circuit/channel congestion', techCause: 503 }
export const REDIRECTED: Cause = { cause: 23, text: 'Redirected to new destination', techCause: 302 }
export const CALLER_CANCELLED: Cause = { cause: 127, text: 'Interworking, unspecified', techCause: 487 }
/** A caller whose CANCEL names a cause in its Reason header; Asterisk copies it to the legs, as `BUSY`. */
export const CANCELLED_AS_BUSY: Cause = { cause: 17, text: 'User busy', techCause: 487 }
/** The cause of a leg that Asterisk cancelled because the caller hung up. */
export const LEG_CANCELLED: Cause = { cause: 127, text: 'Interworking, unspecified', techCause: 500 }
