// What happened to calls: the only output of the core. Two readers record it (the call log, the metrics).
//
// A fact carries the complete record of its call or leg, as it is after the fact, so that a reader needs no memory of its own.
// Records never change after they were handed out. Times are epoch milliseconds, spans milliseconds.

import type { Destination, Direction, VoiceProblem, VoiceSide } from './event.ts'

/** How a call ended: exactly one for each ended call. */
export const DISPOSITIONS = [
  'answered',
  'voicemail',
  'abandoned',
  'cancelled',
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'congestion',
  'invalid_number',
  'self_service',
  'failed',
  'merged',
  'unknown',
] as const

export type Disposition = (typeof DISPOSITIONS)[number]

/** The dispositions that a missed call can have; each is the reason it was missed. */
export const MISSED_REASONS = [
  'voicemail',
  'abandoned',
  'cancelled',
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'congestion',
] as const satisfies readonly Disposition[]

export type MissedReason = (typeof MISSED_REASONS)[number]

/** How one dial attempt ended. `failed`: in a way that no other value describes. */
export const LEG_RESULTS = [
  'answered',
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'congestion',
  'invalid_number',
  'answered_elsewhere',
  'cancelled',
  'failed',
] as const

export type LegResult = (typeof LEG_RESULTS)[number]

/** How one target of an unanswered call ended; the last result counts when it was tried more than once. */
export type TargetOutcome = Exclude<LegResult, 'answered' | 'answered_elsewhere'>

/** Who ended the call: the caller's end, the called end, or the PBX itself. */
export const SIDES = ['caller', 'callee', 'system'] as const

export type Side = (typeof SIDES)[number]

/** Classes of Q.850 causes, by what a person can do about them. */
export const CAUSE_CLASSES = [
  'normal',
  'busy',
  'no_answer',
  'rejected',
  'answered_elsewhere',
  'unreachable',
  'congestion',
  'invalid_number',
  'other',
] as const

export type CauseClass = (typeof CAUSE_CLASSES)[number]

/** What a live call is doing. */
export const CALL_STATES = ['setup', 'ringing', 'queued', 'talking', 'held', 'parked', 'ivr'] as const

export type CallState = (typeof CALL_STATES)[number]

/** The role of an endpoint: a trunk leads to other networks, a phone to a person. */
export type EndpointRole = 'trunk' | 'phone'

/** What is wrong with the voice of a leg now. */
export interface VoiceTrouble {
  readonly endpoint: string
  readonly problem: VoiceProblem
  readonly side: VoiceSide
}

/** How a caller's wait in a queue ended. */
export const QUEUE_OUTCOMES = ['answered', 'abandoned', 'timeout', 'full', 'joinempty', 'leaveempty', 'exited'] as const

export type QueueOutcome = (typeof QUEUE_OUTCOMES)[number]

/** One call, as far as it is known. What is not known yet, or never was, is null. */
export interface CallRecord {
  /** Id of the channel that began the call: the call's identity. */
  readonly channelId: string
  readonly caller: string
  readonly callee: string
  readonly callerName: string
  /** The endpoint the call began on (`101`, `trunk-a`), and its role. */
  readonly callerEndpoint: string
  readonly callerRole: EndpointRole
  /** An application, AMI or the CLI had the PBX call `callerEndpoint`; nobody called the PBX. */
  readonly originated: boolean
  readonly direction: Direction
  /** False while nothing was dialed yet: the direction may still change. */
  readonly directionSettled: boolean
  readonly startedAt: number
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  /** From the answer to the end of the conversation; 0 when not answered. Usually 0 while the call is live. */
  readonly durationMs: number
  /** From the first ringing of any target to the answer or the end of the attempts; null when nothing rang. */
  readonly ringMs: number | null
  /** From the start to the answer; null when not answered. */
  readonly answerDelayMs: number | null
  readonly holdMs: number
  readonly state: CallState
  /** Null while the call is live. */
  readonly disposition: Disposition | null
  /** A target inside the PBX was called and nobody answered; false while the call is live. */
  readonly missed: boolean
  /** The call had the chance to be answered: the base of answer ratios; false while the call is live. */
  readonly offered: boolean
  /** Q.850 cause, Asterisk's text for it, and its class; null while the call is live. */
  readonly cause: number | null
  readonly causeText: string | null
  readonly causeClass: CauseClass | null
  readonly hungUpBy: Side | null
  readonly queue: string | null
  /** When the caller entered the queue in which it waits now; null if it waits in none. */
  readonly queueEnteredAt: number | null
  readonly queueWaitMs: number | null
  /** Endpoints that the caller was first connected with; empty in a conference. */
  readonly answeredBy: readonly string[]
  /** The trunk the call came by or left by; null for calls inside the PBX. */
  readonly trunk: string | null
  /** The line that was called from outside; null if it has no name, and for all other calls. */
  readonly line: string | null
  /** What was dialed on a trunk, of outbound and transit calls; null for all others. */
  readonly destination: Destination | null
  readonly transfers: number
  readonly accountCode: string
  readonly context: string
  /** Voice quality of the caller's own leg. */
  readonly quality: VoiceQuality | null
  /** The worst that is wrong now with the voice of a leg; null if nothing is, as far as is known, and when the call has ended. */
  readonly voice: VoiceTrouble | null
  /** The worst that was wrong with the voice of any leg during the call. */
  readonly voiceProblem: VoiceProblem | null
  /** The call that this one became part of. */
  readonly mergedInto: string | null
  /** SIP Call-ID of the caller's own leg. */
  readonly sipCallId: string | null
  /** The call's first recording: the file as the PBX names it. */
  readonly recording: string | null
}

/**
 * Voice quality of one leg. `rx`: what Asterisk received from the phone; `tx`: what the phone reported to have received.
 * Null where it was not measured. Loss is a ratio 0..1, MOS 1..4.5.
 */
export interface VoiceQuality {
  readonly rx: StreamQuality
  readonly tx: StreamQuality
  readonly roundTripMs: number | null
  /** How many values were dropped because they cannot be true. */
  readonly implausible: number
}

export interface StreamQuality {
  readonly packets: number | null
  readonly mos: number | null
  readonly lossRatio: number | null
  readonly jitterMs: number | null
}

/**
 * What a leg is to its call. `caller`: the first leg of a call that an application originated. `paged`: a phone that was paged;
 * nobody has to answer a page. `callee`: any other target.
 */
export const LEG_ROLES = ['caller', 'callee', 'paged'] as const

export type LegRole = (typeof LEG_ROLES)[number]

/** One dial attempt to a party; Local channels have no legs. */
export interface LegRecord {
  /** Unique in its call: the dialed channel's id, or `<caller channel id>/<n>` when no channel could be created. */
  readonly id: string
  /** `channelId` of the call it belongs to; changes when calls merge. */
  readonly callId: string
  /** Null when no channel could be created for the target. */
  readonly channelId: string | null
  readonly endpoint: string
  readonly endpointRole: EndpointRole
  readonly role: LegRole
  /** What was dialed, as the technology writes it. */
  readonly dialed: string
  /** On a trunk; null for phones. */
  readonly destination: Destination | null
  readonly direction: Direction
  readonly startedAt: number
  /** The first ringing, progress or answer. */
  readonly progressAt: number | null
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  /** Time in conversation. */
  readonly talkMs: number
  /** Null while the attempt is open. An answered leg is open until its channel is destroyed. */
  readonly result: LegResult | null
  readonly cause: number | null
  readonly quality: VoiceQuality | null
  /** The worst that was wrong with its voice during the call. */
  readonly voiceProblem: VoiceProblem | null
  readonly sipCallId: string | null
}

/** That something began to be wrong with the voice of a leg; the caller's own leg has no record of its own. */
export interface LegTroubleRecord extends VoiceTrouble {
  readonly callId: string
  readonly channelId: string
  /** The trunk that the leg is on; null for a phone. */
  readonly trunk: string | null
}

/** One wait of a caller in a queue. */
export interface QueueWaitRecord {
  readonly callId: string
  readonly queue: string
  readonly enteredAt: number
  readonly leftAt: number
  readonly outcome: QueueOutcome
}

export type CallFact =
  | { readonly type: 'CallStarted'; readonly at: number; readonly call: CallRecord }
  /** Something in the record changed: direction settled, ringing, hold, queue, transfer, parking. */
  | { readonly type: 'CallChanged'; readonly at: number; readonly call: CallRecord }
  | { readonly type: 'CallAnswered'; readonly at: number; readonly call: CallRecord }
  /** Once for each `CallStarted`; nothing about that call comes after it. */
  | { readonly type: 'CallEnded'; readonly at: number; readonly call: CallRecord }
  | { readonly type: 'LegStarted'; readonly at: number; readonly leg: LegRecord }
  | { readonly type: 'LegChanged'; readonly at: number; readonly leg: LegRecord }
  /** Once for each `LegStarted`, before the `CallEnded` of its call. */
  | { readonly type: 'LegEnded'; readonly at: number; readonly leg: LegRecord }
  /** Once for each attempt on a trunk, when its number is known; after the `LegStarted`, and before the `LegEnded`. */
  | { readonly type: 'NumberDialed'; readonly at: number; readonly leg: LegRecord }
  | { readonly type: 'QueueLeft'; readonly at: number; readonly wait: QueueWaitRecord }
  /** Once for each leg and problem. */
  | { readonly type: 'LegInTrouble'; readonly at: number; readonly trouble: LegTroubleRecord }
  /** After a gap or a restart: how many calls still exist, are new, or have ended. */
  | {
      readonly type: 'CallsReconciled'
      readonly at: number
      readonly kept: number
      readonly adopted: number
      readonly ended: number
    }
