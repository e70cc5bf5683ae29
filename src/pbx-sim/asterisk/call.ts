// What a scenario receives and returns: the parties and durations, and the expected result.
//
// The expected result follows the product's definition of a call and is computed from the instants of the scenario. It is the result of
// an exporter that received all events.

import type { Destination, Direction } from '../../call/event.ts'
import { type Disposition, MISSED_REASONS, type Side } from '../../call/fact.ts'
import { type Dialed, MOBILE } from '../destinations.ts'
import type { Random } from '../random.ts'
import type { SimChannel, SimEndpoint } from './channel.ts'
import type { World } from './world.ts'

/** The parties of a scenario; each phone is a different one. */
export interface Parties {
  readonly caller: SimEndpoint
  readonly callee: SimEndpoint
  readonly third: SimEndpoint
  readonly fourth: SimEndpoint
  /** A phone that is not registered. */
  readonly unregistered: SimEndpoint
  readonly trunk: SimEndpoint
  readonly queue: 'support' | 'sales'
  /** Who answers if several can; empty for anyone. */
  readonly answerer: string
  /** A person on the far side of the trunk. */
  readonly outside: { readonly name: string; readonly number: string }
  /** What a phone dials on the trunk: the person outside, or a number of another kind. */
  readonly dialed: Dialed
}

/** Spans in milliseconds, already scaled by the speed of the simulation. */
export interface Times {
  readonly ringMs: number
  readonly talkMs: number
  /** How long phones ring until the dialplan continues. */
  readonly dialTimeoutMs: number
  /** How long a person waits or reads an announcement. */
  readonly patienceMs: number
}

export interface Call {
  readonly world: World
  readonly random: Random
  readonly parties: Parties
  readonly times: Times
}

/** A pause in ms, whose answer is `true` if somebody hangs up by ARI meanwhile; or until an application lets the channel continue, at most that long (the answer is then `true`). */
export type Pause = number | { readonly continued: SimChannel; readonly atMostMs: number }

/** One scenario, step by step; returns the expected results of its calls in order of their start. */
export type Script = (call: Call) => Generator<Pause, readonly ExpectedCall[], boolean>

/** The expected result of one call. Instants are epoch ms, spans ms. */
export interface ExpectedCall {
  readonly channelId: string
  readonly caller: string
  readonly callee: string
  readonly direction: Direction
  readonly disposition: Disposition
  readonly missed: boolean
  readonly startedAt: number
  readonly answeredAt: number | null
  /** When the bridge of the answer was created; an application may do so early. After a gap this looks like the answer. */
  readonly bridgeMadeAt: number | null
  readonly endedAt: number
  /** When the caller's channel ended; other channels of the call may still exist. A later snapshot does not show it. */
  readonly callerGoneAt: number
  readonly durationMs: number
  readonly answerDelayMs: number | null
  readonly answeredBy: readonly string[]
  readonly queue: string | null
  /** Null if it cannot be known. */
  readonly hungUpBy: Side | null
  readonly mergedInto: string | null
  readonly transfers: number
  /** Of the number that was dialed on a trunk of an office in Finland; null unless the call is outbound. */
  readonly destination: Destination | null
  /** False if only the start distinguishes it from a connected call: after a gap the two look like one. */
  readonly distinct: boolean
}

/** The parts of the expected result that only the scenario knows. */
export interface CallOutcome {
  readonly disposition: Disposition
  readonly callee: string
  /** Default: by the caller's endpoint, `inbound` from a trunk and `internal` from a phone. */
  readonly direction?: Direction
  /** When the conversation began and ended. */
  readonly talk?: { readonly fromAt: number; readonly untilAt: number }
  /** Default: when the conversation began. */
  readonly bridgeMadeAt?: number
  /** Default: now. */
  readonly callerGoneAt?: number
  readonly answeredBy?: readonly string[]
  readonly caller?: string
  readonly queue?: string
  readonly hungUpBy?: Side
  readonly mergedInto?: SimChannel
  /** Of an outbound call; default: the person outside was dialed. */
  readonly destination?: Destination
  readonly transfers?: number
  /** False if no target was tried: the call is then not missed. */
  readonly tried?: boolean
  /** Default true. */
  readonly distinct?: boolean
}

/** The expected result of the call that `channel` started and that ends now. */
export function conclude(call: Call, channel: SimChannel, outcome: CallOutcome): ExpectedCall {
  const direction = outcome.direction ?? (channel.context === 'internal' ? 'internal' : 'inbound')
  const talk = outcome.disposition === 'merged' ? undefined : outcome.talk
  return {
    channelId: channel.id,
    caller: outcome.caller ?? channel.callerNumber,
    callee: outcome.callee,
    direction,
    disposition: outcome.disposition,
    missed: isMissed(direction, outcome),
    startedAt: channel.createdAt,
    answeredAt: talk?.fromAt ?? null,
    bridgeMadeAt: talk === undefined ? null : (outcome.bridgeMadeAt ?? talk.fromAt),
    endedAt: call.world.now(),
    callerGoneAt: outcome.callerGoneAt ?? call.world.now(),
    durationMs: talk === undefined ? 0 : talk.untilAt - talk.fromAt,
    answerDelayMs: talk === undefined ? null : talk.fromAt - channel.createdAt,
    answeredBy: outcome.answeredBy ?? [],
    queue: outcome.queue ?? null,
    hungUpBy: outcome.hungUpBy ?? null,
    mergedInto: outcome.mergedInto?.id ?? null,
    transfers: outcome.transfers ?? 0,
    destination: direction === 'outbound' ? (outcome.destination ?? MOBILE) : null,
    distinct: outcome.distinct ?? true,
  }
}

function isMissed(direction: Direction, outcome: CallOutcome): boolean {
  const offered = direction === 'inbound' || direction === 'internal'
  return offered && outcome.tried !== false && MISSED_REASONS.some((reason) => reason === outcome.disposition)
}
