// One ARI session, from the first request to its loss.
//
// It runs the steps of handshake.ts, then listens until something ends it: the socket, a takeover by another listener, a lost
// registration, or `stop`. The socket is always closed before the session counts as over.

import { ticks } from '../time/clock.ts'
import { type Disconnect, OVERRUN, replacedBy, restDisconnect, unregistered } from './disconnect.ts'
import { type ConnectionContext, type ConnectionDependencies, type ConnectionOptions, STEPS } from './handshake.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import { stasisChannelId } from './stasisContinue.ts'
import { isObject, type WireChannel } from './wire.ts'

export interface Connection {
  /** Settles when the session is over and its socket is closed; null after `stop`. */
  readonly over: Promise<Disconnect | null>
  stop(): void
}

/** One failed check may be caused by load; this many in a row end the session. */
const MAX_FAILED_CHECKS = 2

/** Opens a session. Never throws: every failure is a `Disconnect`. */
export function openConnection(options: ConnectionOptions, deps: ConnectionDependencies): Connection {
  let settle: (disconnect: Disconnect | null) => void = () => undefined
  const ended = new Promise<Disconnect | null>((resolve) => {
    settle = resolve
  })
  const context: ConnectionContext = {
    options,
    deps,
    receiver: createReceiverFor(options, deps, (disconnect) => context.end(disconnect)),
    startedAt: 0,
    socket: null,
    isOver: false,
    end(disconnect, silentMs = 0) {
      if (context.isOver) {
        return
      }
      context.isOver = true
      context.receiver.close()
      deps.onEnd(disconnect, silentMs)
      settle(disconnect)
    },
  }
  return { over: run(context, ended), stop: () => context.end(null) }
}

function createReceiverFor(
  { app }: ConnectionOptions,
  deps: ConnectionDependencies,
  end: (disconnect: Disconnect) => void,
): Receiver {
  const { stasisContinue, carryOver, consumer, queue, now } = deps
  return createReceiver({
    consumer,
    queue,
    now,
    onStasisStart(text) {
      const channelId = stasisChannelId(text, app)
      if (channelId !== null) {
        stasisContinue.enter(channelId)
      }
    },
    onStasisEnd(text) {
      const channelId = stasisChannelId(text, app)
      if (channelId !== null) {
        stasisContinue.left(channelId)
      }
    },
    onReplaced() {
      carryOver.leaseSince = null
      end(replacedBy(app))
    },
    onOverrun: () => end(OVERRUN),
  })
}

async function run(context: ConnectionContext, ended: Promise<Disconnect | null>): Promise<Disconnect | null> {
  for (const step of STEPS) {
    const disconnect = await Promise.race([step(context), ended])
    if (disconnect !== null) {
      context.end(disconnect)
    }
    if (context.isOver) {
      break
    }
  }
  const { verifyEveryMs, listEveryMs } = context.options.timing
  const checking = setInterval(createCheck(context), verifyEveryMs)
  const listing = setInterval(() => void listChannels(context), listEveryMs)
  const disconnect = await ended
  clearInterval(checking)
  clearInterval(listing)
  await context.socket?.close()
  return disconnect
}

/** Asterisk can lose the registration of an application while its socket stays open; only a request shows it. */
function createCheck(context: ConnectionContext): () => Promise<void> {
  const { app, url } = context.options
  const { rest } = context.deps
  let failures = 0
  let provenAt = ticks()
  return async () => {
    const askedAt = ticks()
    const known = await rest.hasApplication(app)
    if (known.ok && known.value) {
      provenAt = askedAt
    }
    if (known.ok && !known.value) {
      context.end(unregistered(app), Math.round(ticks() - Math.max(provenAt, context.receiver.lastFrameAt())))
    }
    failures = known.ok ? 0 : failures + 1
    if (!known.ok && failures >= MAX_FAILED_CHECKS) {
      context.end(restDisconnect(known.problem, url.rest))
    }
  }
}

/** Lists the live channels, so that the core finds those whose end no event reported. A failed request is skipped. */
async function listChannels(context: ConnectionContext): Promise<void> {
  const { rest, queue, now } = context.deps
  const at = now()
  const listed = await rest.channels()
  if (!listed.ok || context.isOver) {
    return
  }
  const ids = listed.value.flatMap((channel) => idOf(channel) ?? [])
  // An incomplete list would end live calls.
  if (ids.length === listed.value.length) {
    queue.put({ event: { type: 'ChannelsListed', at, ids }, receivedAt: now() })
  }
}

function idOf(channel: unknown): string | null {
  const { id } = (isObject(channel) ? channel : {}) as WireChannel
  return typeof id === 'string' && id !== '' ? id : null
}
