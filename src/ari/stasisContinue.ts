// Channels that enter our application go straight back to their dialplan.
//
// A dialplan may send its calls to Stasis(<our name>), written for a program that answered them. We only listen: with
// us connected a caller would wait in silence, so each one is sent on to the next step, and tried until Asterisk says that the
// channel is gone or not in Stasis. A burst never takes more than a few of Asterisk's HTTP sessions (100 for all its clients).
// Source: POST /channels/{id}/continue; 404 and 409 are normal (the caller hung up, or left by himself).

import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChannelSnapshot } from '../call/event.ts'
import { createBackoff } from './backoff.ts'
import type { Rest } from './rest/rest.ts'
import type { RestProblem } from './rest/result.ts'
import { isObject, type WireChannel, type WireFrame } from './wire.ts'

/** Channels that sit in our application right now, and for how long the one that has been there longest. */
export interface StasisWait {
  readonly count: number
  readonly oldestMs: number
}

export interface Handback {
  /** A channel is in our application: it is sent on as soon as a connection is free. */
  enter(channelId: string): void
  /** Asterisk says that it has left. */
  left(channelId: string): void
  /** Those that a snapshot shows; whoever came before it was asked for (`askedAt`, on the clock of `ticks`) and is not there has left. */
  found(channelIds: readonly string[], askedAt: number): void
  waiting(): StasisWait
}

export interface HandbackDependencies {
  readonly rest: Pick<Rest, 'continueChannel'>
  readonly log: Logger
  /** Ms since any moment, never set. */
  readonly ticks: () => number
}

interface Entrant {
  readonly since: number
  isTried: boolean
}

/** Requests under way at most, each on a connection that is kept. */
const LANES = 4

/** How long a lane rests after a failure, ms; it is never given up. */
const PAUSE = { firstMs: 250, lastMs: 5_000 }

/** The queue of one program: it outlives sessions, for a caller waits whether we listen or not. */
export function createHandback({ rest, log, ticks }: HandbackDependencies): Handback {
  /** In the order in which they are tried. */
  const entrants = new Map<string, Entrant>()
  let lanes = 0
  let isFailing = false

  function next(): readonly [string, Entrant] | undefined {
    for (const one of entrants) if (!one[1].isTried) return one
    return undefined
  }

  async function lane(): Promise<void> {
    const backoff = createBackoff(() => PAUSE, Math.random)
    for (let one = next(); one !== undefined; one = next()) {
      const problem = await sendOn(...one)
      if (problem?.kind === 'stopped') break
      if (problem === null) backoff.reset()
      else await wait(backoff.next(), undefined, { ref: false })
    }
    lanes -= 1
  }

  /** Null when the channel is not ours to send on any more. */
  async function sendOn(channelId: string, entrant: Entrant): Promise<RestProblem | null> {
    entrant.isTried = true
    const answer = await rest.continueChannel(channelId)
    entrant.isTried = false
    // It may have left meanwhile, and have come again: that is another stay.
    const isStill = entrants.get(channelId) === entrant
    if (isStill) entrants.delete(channelId)
    if (answer.ok || answer.problem.kind === 'not_found' || answer.problem.kind === 'conflict') {
      settled()
      return null
    }
    if (isStill) entrants.set(channelId, entrant)
    failed(channelId, answer.problem)
    return answer.problem
  }

  function settled(): void {
    if (!isFailing || entrants.size > 0) return
    isFailing = false
    log.info('all channels are handed back to the dialplan again')
  }

  function failed(channelId: string, { kind, detail }: RestProblem): void {
    // 403 is a read-only user, of which the session has warned.
    if (isFailing || kind === 'forbidden' || kind === 'stopped') return
    isFailing = true
    const [problem, waiting] = [kind, entrants.size]
    log.warn(
      { channel: channelId, problem, detail, waiting },
      'could not hand a channel back to the dialplan: trying on',
    )
  }

  function enter(channelId: string): void {
    if (entrants.has(channelId)) return
    entrants.set(channelId, { since: ticks(), isTried: false })
    if (lanes === LANES) return
    lanes += 1
    void lane()
  }

  return {
    enter,
    left(channelId) {
      entrants.delete(channelId)
      settled()
    },
    found(channelIds, askedAt) {
      const there = new Set(channelIds)
      for (const [id, { since }] of entrants) if (since < askedAt && !there.has(id)) entrants.delete(id)
      settled()
      channelIds.forEach(enter)
    },
    waiting() {
      const now = ticks()
      let oldestMs = 0
      for (const { since } of entrants.values()) oldestMs = Math.max(oldestMs, now - since)
      return { count: entrants.size, oldestMs }
    },
  }
}

/** The channel that a StasisStart or StasisEnd frame of our application tells of; null for any other frame or application. */
export function entrantOf(text: string, app: string): string | null {
  const frame: unknown = JSON.parse(text)
  if (!isObject(frame)) return null
  const { application, channel } = frame as WireFrame
  if (application !== app || !isObject(channel)) return null
  const { id } = channel as WireChannel
  return typeof id === 'string' && id !== '' ? id : null
}

/** Whether a channel of the snapshot sits in the application. */
export function isWaitingIn(app: string, channel: ChannelSnapshot): boolean {
  return channel.app === 'Stasis' && channel.appData.split(',', 1)[0]?.trim() === app
}
