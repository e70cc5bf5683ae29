// One ARI session, from the first request to its loss.
//
// It takes the steps of steps.ts, then listens until something ends it: the socket, a takeover, a registration that
// died, or we. Whatever happens, the socket is closed properly before it counts as over.

import { ticks } from '../time/clock.ts'
import { OVERRUN, replacedBy, restSetback, type Setback, unregistered } from './disconnect.ts'
import { createIntake, type Intake } from './eventBuffer.ts'
import { type AttemptDependencies, type AttemptOptions, STEPS, type Visit } from './handshake.ts'
import { entrantOf } from './stasisContinue.ts'
import { isObject, type WireChannel } from './wire.ts'

export interface Attempt {
  /** Settles when the session is over and its socket closed; null when we stopped it. */
  readonly over: Promise<Setback | null>
  stop(): void
}

/** A single failed check may be a hiccup under load; this many in a row are not. */
const MAX_FAILED_CHECKS = 2

/** Begins a session. Nothing the world does makes it throw: every way of failing is a setback. */
export function startAttempt(options: AttemptOptions, deps: AttemptDependencies): Attempt {
  let settle: (setback: Setback | null) => void = () => undefined
  const ended = new Promise<Setback | null>((resolve) => {
    settle = resolve
  })
  const visit: Visit = {
    options,
    deps,
    intake: createIntakeFor(options, deps, (setback) => visit.end(setback)),
    startedAt: 0,
    socket: null,
    isOver: false,
    end(setback, silentMs = 0) {
      if (visit.isOver) return
      visit.isOver = true
      visit.intake.close()
      deps.onEnd(setback, silentMs)
      settle(setback)
    },
  }
  return { over: run(visit, ended), stop: () => visit.end(null) }
}

function createIntakeFor(options: AttemptOptions, deps: AttemptDependencies, end: (setback: Setback) => void): Intake {
  const { app, timing } = options
  const { handback, memory, consumer, now } = deps
  return createIntake(
    { maxHeld: timing.maxHeld },
    {
      consumer,
      now,
      onStasisStart(text) {
        const channelId = entrantOf(text, app)
        if (channelId !== null) handback.enter(channelId)
      },
      onStasisEnd(text) {
        const channelId = entrantOf(text, app)
        if (channelId !== null) handback.left(channelId)
      },
      onReplaced() {
        memory.heldSince = null
        end(replacedBy(app))
      },
      onOverrun: () => end(OVERRUN),
    },
  )
}

async function run(visit: Visit, ended: Promise<Setback | null>): Promise<Setback | null> {
  for (const step of STEPS) {
    const setback = await Promise.race([step(visit), ended])
    if (setback !== null) visit.end(setback)
    if (visit.isOver) break
  }
  const { verifyEveryMs, listEveryMs } = visit.options.timing
  const checking = setInterval(createCheck(visit), verifyEveryMs)
  const listing = setInterval(() => void listChannels(visit), listEveryMs)
  const setback = await ended
  clearInterval(checking)
  clearInterval(listing)
  await visit.socket?.close()
  return setback
}

/** Nothing but asking shows a registration that died under an open socket. */
function createCheck(visit: Visit): () => Promise<void> {
  const { app, url } = visit.options
  const { rest } = visit.deps
  let failures = 0
  let provenAt = ticks()
  return async () => {
    const askedAt = ticks()
    const known = await rest.hasApplication(app)
    if (known.ok && known.value) provenAt = askedAt
    if (known.ok && !known.value)
      visit.end(unregistered(app), Math.round(ticks() - Math.max(provenAt, visit.intake.heardAt())))
    failures = known.ok ? 0 : failures + 1
    if (!known.ok && failures >= MAX_FAILED_CHECKS) visit.end(restSetback(known.problem, url.rest))
  }
}

/** An end that was never told shows in no event: only in a list. One that cannot be had is left out. */
async function listChannels(visit: Visit): Promise<void> {
  const { rest, consumer, now } = visit.deps
  const at = now()
  const listed = await rest.channels()
  if (!listed.ok || visit.isOver) return
  const ids = listed.value.flatMap((channel) => idOf(channel) ?? [])
  // Half a list would end calls that live.
  if (ids.length === listed.value.length) consumer.onEvent({ type: 'ChannelsListed', at, ids }, now())
}

function idOf(channel: unknown): string | null {
  const { id } = (isObject(channel) ? channel : {}) as WireChannel
  return typeof id === 'string' && id !== '' ? id : null
}
