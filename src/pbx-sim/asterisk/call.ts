// What a scenario receives and returns: the parties and durations, and the expected result.
//
// The expected result follows the product's definition of a call, computed from the instants that the scenario used:
// what an exporter that received all events must conclude.

import type { Direction } from '../../call/event.ts'
import { type Disposition, MISSED_REASONS, type Side } from '../../call/fact.ts'
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
  readonly absent: SimEndpoint
  readonly trunk: SimEndpoint
  readonly queue: 'support' | 'sales'
  /** Who takes the call where several could; empty for anyone. */
  readonly answerer: string
  /** A person on the far side of the trunk. */
  readonly outside: { readonly name: string; readonly number: string }
}

/** Spans in milliseconds, already scaled by the speed of the simulation. */
export interface Times {
  readonly ringMs: number
  readonly talkMs: number
  /** How long phones ring until the dialplan gives up. */
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

/** A pause in ms; or until an application lets the channel continue, at most that long (the answer is then `true`). */
export type Pause = number | { readonly continued: SimChannel; readonly atMostMs: number }

/** One scenario, step by step; returns the expected results of its calls in order of their start. */
export type Script = (call: Call) => Generator<Pause, readonly ExpectedCall[], boolean>

/** What must be concluded of one call. Instants are epoch ms, spans ms. */
export interface ExpectedCall {
  readonly channelId: string
  readonly caller: string
  readonly callee: string
  readonly direction: Direction
  readonly disposition: Disposition
  readonly missed: boolean
  readonly startedAt: number
  readonly answeredAt: number | null
  /** When the bridge of the answer was made; an application may do so early. Seen late, this looks like the answer. */
  readonly bridgeMadeAt: number | null
  readonly endedAt: number
  /** When the caller's own channel was gone; others of the call may live on. Who comes later finds no trace of it. */
  readonly callerGoneAt: number
  readonly durationMs: number
  readonly answerDelayMs: number | null
  readonly answeredBy: readonly string[]
  readonly queue: string | null
  /** Null where nobody could tell. */
  readonly hungUpBy: Side | null
  readonly mergedInto: string | null
  readonly transfers: number
  /** False when only its beginning tells it apart from a call that it talks with: seen late, the two look like one. */
  readonly distinct: boolean
}

/** The parts of the expected result that only the scenario knows. */
export interface Verdict {
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
  readonly transfers?: number
  /** False when no target was ever tried: then the call is not missed. */
  readonly tried?: boolean
  /** Default true. */
  readonly distinct?: boolean
}

/** The expected result of the call that `channel` started and that ends now. */
export function conclude(call: Call, channel: SimChannel, verdict: Verdict): ExpectedCall {
  const direction = verdict.direction ?? (channel.context === 'internal' ? 'internal' : 'inbound')
  const talk = verdict.disposition === 'merged' ? undefined : verdict.talk
  return {
    channelId: channel.id,
    caller: verdict.caller ?? channel.callerNumber,
    callee: verdict.callee,
    direction,
    disposition: verdict.disposition,
    missed: isMissed(direction, verdict),
    startedAt: channel.createdAt,
    answeredAt: talk?.fromAt ?? null,
    bridgeMadeAt: talk === undefined ? null : (verdict.bridgeMadeAt ?? talk.fromAt),
    endedAt: call.world.now(),
    callerGoneAt: verdict.callerGoneAt ?? call.world.now(),
    durationMs: talk === undefined ? 0 : talk.untilAt - talk.fromAt,
    answerDelayMs: talk === undefined ? null : talk.fromAt - channel.createdAt,
    answeredBy: verdict.answeredBy ?? [],
    queue: verdict.queue ?? null,
    hungUpBy: verdict.hungUpBy ?? null,
    mergedInto: verdict.mergedInto?.id ?? null,
    transfers: verdict.transfers ?? 0,
    distinct: verdict.distinct ?? true,
  }
}

function isMissed(direction: Direction, verdict: Verdict): boolean {
  const offered = direction === 'inbound' || direction === 'internal'
  return offered && verdict.tried !== false && MISSED_REASONS.some((reason) => reason === verdict.disposition)
}
