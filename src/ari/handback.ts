// Channels that enter our application go straight back to their dialplan.
//
// A dialplan may send its calls to Stasis(<our name>), written for a program that answered them. We only listen: with
// us connected a caller would wait in silence, so each one is sent on to the next step at once.
// Source: POST /channels/{id}/continue; 404 and 409 are normal (the caller hung up, or left by himself).

import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChannelSnapshot } from '../call/event.ts'
import type { Rest } from './rest.ts'
import { isObject, type WireChannel, type WireFrame } from './wire.ts'

export interface HandbackDependencies {
  readonly rest: Pick<Rest, 'continueChannel'>
  readonly log: Logger
}

/** Waits between the tries of one channel, ms. */
const PAUSES_MS = [0, 250, 1000]

/** Sends one channel on; tries again when Asterisk does not answer. Never rejects. */
export async function handBack(channelId: string, deps: HandbackDependencies): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    if (pauseMs > 0) await wait(pauseMs, undefined, { ref: false })
    const answer = await deps.rest.continueChannel(channelId)
    if (answer.ok) {
      deps.log.debug({ channel: channelId }, 'handed a channel back to the dialplan')
      return
    }
    const { kind, detail } = answer.problem
    // 403 is a read-only user, of which the session has warned.
    if (kind === 'not_found' || kind === 'refused' || kind === 'forbidden' || kind === 'stopped') return
    deps.log.warn({ channel: channelId, problem: kind, detail }, 'could not hand a channel back to the dialplan')
  }
}

/** The channel that a StasisStart frame brings into the application; null for any other frame or application. */
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
