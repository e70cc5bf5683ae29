// Sends channels that enter our Stasis application back to their dialplan.
//
// A dialplan may call Stasis(<our application>) because another program used to answer there. This program takes no calls, so the
// caller would hear silence: each channel continues with the next dialplan step. A request is repeated until Asterisk says that the
// channel is gone or no longer in Stasis. A burst uses only a few of Asterisk's HTTP sessions (100 for all clients).
// Source: POST /channels/{id}/continue; 404 and 409 are normal (the caller hung up or left).

import { setTimeout as wait } from 'node:timers/promises'
import type { ChannelSnapshot } from '../call/event.ts'
import type { Logger } from '../log.ts'
import { createBackoff } from './backoff.ts'
import type { Rest } from './rest/rest.ts'
import type { RestProblem } from './rest/result.ts'
import { isObject, type WireChannel, type WireFrame } from './wire.ts'

/** How many channels wait in our application, and how long the oldest has waited. */
export interface StasisWait {
  readonly count: number
  readonly oldestMs: number
}

export interface StasisContinue {
  /** A channel entered our application: it continues as soon as a request is free. */
  enter(channelId: string): void
  /** A channel left. */
  left(channelId: string): void
  /** The channels that a snapshot shows; one that entered before `askedAt` (by `ticks`) and is not among them has left. */
  found(channelIds: readonly string[], askedAt: number): void
  waiting(): StasisWait
}

export interface StasisContinueDependencies {
  readonly rest: Pick<Rest, 'continueChannel'>
  readonly log: Logger
  /** Monotonic clock, ms. */
  readonly ticks: () => number
}

interface WaitingChannel {
  readonly since: number
  isTried: boolean
}

/** At most this many requests at a time, each on a persistent connection. */
const MAX_PARALLEL = 4

/** Delay after a failed request. */
const PAUSE = { firstMs: 250, lastMs: 5_000 }

/** The queue of waiting channels. It outlives sessions: a caller also waits while the event socket is closed. */
export function createStasisContinue({ rest, log, ticks }: StasisContinueDependencies): StasisContinue {
  /** In the order of requests. */
  const entries = new Map<string, WaitingChannel>()
  const problemLog = createProblemLog(log)
  let workers = 0

  function next(): readonly [string, WaitingChannel] | undefined {
    for (const one of entries) {
      if (!one[1].isTried) {
        return one
      }
    }
    return undefined
  }

  async function worker(): Promise<void> {
    const backoff = createBackoff(() => PAUSE, Math.random)
    for (let one = next(); one !== undefined; one = next()) {
      const problem = await sendOn(...one)
      if (problem?.kind === 'stopped') {
        break
      }
      if (problem === null) {
        backoff.reset()
      } else {
        await wait(backoff.next(), undefined, { ref: false })
      }
    }
    workers -= 1
  }

  /** Null when the channel has left our application. */
  async function sendOn(channelId: string, entry: WaitingChannel): Promise<RestProblem | null> {
    entry.isTried = true
    const answer = await rest.continueChannel(channelId)
    entry.isTried = false
    // The channel may have left and entered again meanwhile: that is another entry.
    const isStill = entries.get(channelId) === entry
    if (isStill) {
      entries.delete(channelId)
    }
    if (answer.ok || answer.problem.kind === 'not_found' || answer.problem.kind === 'conflict') {
      problemLog.left(entries.size)
      return null
    }
    if (isStill) {
      entries.set(channelId, entry)
    }
    problemLog.failed(channelId, answer.problem, entries.size)
    return answer.problem
  }

  function enter(channelId: string): void {
    if (entries.has(channelId)) {
      return
    }
    entries.set(channelId, { since: ticks(), isTried: false })
    if (workers === MAX_PARALLEL) {
      return
    }
    workers += 1
    void worker()
  }

  return {
    enter,
    left(channelId) {
      entries.delete(channelId)
      problemLog.left(entries.size)
    },
    found(channelIds, askedAt) {
      const present = new Set(channelIds)
      for (const [id, { since }] of entries) {
        if (since < askedAt && !present.has(id)) {
          entries.delete(id)
        }
      }
      problemLog.left(entries.size)
      channelIds.forEach(enter)
    },
    waiting() {
      const now = ticks()
      let oldestMs = 0
      for (const { since } of entries.values()) {
        oldestMs = Math.max(oldestMs, now - since)
      }
      return { count: entries.size, oldestMs }
    },
  }
}

interface ProblemLog {
  failed(channelId: string, problem: RestProblem, waiting: number): void
  /** Channels have left our application. */
  left(waiting: number): void
}

/** Logs the first failed request, and when no channel waits any more. */
function createProblemLog(log: StasisContinueDependencies['log']): ProblemLog {
  let isFailing = false
  return {
    failed(channelId, { kind, detail }, waiting) {
      // 403: a read-only user; the session has logged that.
      if (isFailing || kind === 'forbidden' || kind === 'stopped') {
        return
      }
      isFailing = true
      log.warn(
        { channel: channelId, problem: kind, detail, waiting },
        'a channel in our Stasis application could not continue in the dialplan: trying again',
      )
    },
    left(waiting) {
      if (isFailing && waiting === 0) {
        isFailing = false
        log.info({}, 'channels continue in the dialplan again')
      }
    },
  }
}

/** Channel id of a StasisStart or StasisEnd frame of our application; null for other applications. */
export function stasisChannelId(text: string, app: string): string | null {
  const frame: unknown = JSON.parse(text)
  if (!isObject(frame)) {
    return null
  }
  const { application, channel } = frame as WireFrame
  if (application !== app || !isObject(channel)) {
    return null
  }
  const { id } = channel as WireChannel
  return typeof id === 'string' && id !== '' ? id : null
}

/** Whether a channel of a snapshot is in the application. */
export function isInStasisApp(app: string, channel: ChannelSnapshot): boolean {
  return channel.app === 'Stasis' && channel.appData.split(',', 1)[0]?.trim() === app
}
