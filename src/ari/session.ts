// Keeps an ARI session open: reconnects with a growing delay until `stop`.
//
// It keeps what outlives a session (the client, whether the user is read-only, the lease of the application name), reports a
// lost connection to the consumer, and logs each new problem once. It never gives up.

import type { Logger } from '../log.ts'
import { ticks, now as wallClock } from '../time/clock.ts'
import { createBackoff } from './backoff.ts'
import { type Connection, openConnection } from './connection.ts'
import type { Disconnect } from './disconnect.ts'
import type { ConnectionDependencies, ConnectionTiming, SessionCarryOver } from './handshake.ts'
import { type AriUrl, parseAriUrl } from './rest/ariUrl.ts'
import { type AsteriskInfo, createRest } from './rest/rest.ts'
import { type Consumer, safeConsumer } from './safeConsumer.ts'
import { createStasisContinue, type StasisWait } from './stasisContinue.ts'

export interface SessionOptions {
  /** `http://host:8088`, with or without `/ari`. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** Name of the ARI application. */
  readonly app: string
  /** Whether to take the name from another listener. */
  readonly takeover: boolean
  /** `lean` leaves out dialplan steps and variables (queues, voice quality): two thirds less traffic. */
  readonly detail: 'full' | 'lean'
  /** The lease of the name across runs of the program: a registration that a crash left behind in Asterisk is our own. */
  readonly lease?: { readonly since: number | null; note(since: number | null): void }
  readonly timing?: Partial<SessionTiming>
}

/** Milliseconds, except `maxBuffered`. */
export interface SessionTiming extends ConnectionTiming {
  readonly callMs: number
  readonly listMs: number
  readonly firstRetryMs: number
  readonly lastRetryMs: number
  readonly firstReadOnlyRetryMs: number
  readonly lastReadOnlyRetryMs: number
  /** After a session that was in sync this long, the retry delay starts again with the first. */
  readonly inSyncMs: number
  /** How often a lasting problem is logged again. */
  readonly remindEveryMs: number
}

export interface SessionDependencies {
  readonly log: Logger
  now?(): number
  random?(): number
}

export interface SessionStatus {
  readonly phase: 'connecting' | 'syncing' | 'in_sync' | 'waiting' | 'stopped'
  /** The Asterisk that answered last; null before the first answer. */
  readonly asterisk: AsteriskInfo | null
  /** What is wrong and which setting to change; null while connected. */
  readonly problem: string | null
  readonly readOnly: boolean
}

export interface Session {
  /**
   * Connects, and reconnects until `stop`; to be called once. `SnapshotTaken` is the first event of each connection,
   * `ConnectionLost` the last (not after `stop`).
   */
  start(consumer: Consumer): void
  status(): SessionStatus
  /** Channels that wait in our Stasis application. */
  stasis(): StasisWait
  /** Closes the session with a close frame; settles within a second, whatever the other side does. */
  stop(): Promise<void>
}

const TIMING: SessionTiming = {
  callMs: 5_000,
  listMs: 30_000,
  describeMs: 15_000,
  handshakeMs: 10_000,
  pingEveryMs: 5_000,
  pongWithinMs: 5_000,
  verifyEveryMs: 30_000,
  listEveryMs: 300_000,
  closeWithinMs: 500,
  firstRetryMs: 1_000,
  lastRetryMs: 30_000,
  firstReadOnlyRetryMs: 5_000,
  lastReadOnlyRetryMs: 60_000,
  inSyncMs: 10_000,
  remindEveryMs: 60_000,
  maxBuffered: 500_000,
}

const STOP_WITHIN_MS = 900

/** Does nothing before `start`. Throws TypeError if `url` is not a valid http(s) URL. */
export function createSession(options: SessionOptions, deps: SessionDependencies): Session {
  const url = parseAriUrl(options.url)
  if (url === null) {
    throw new TypeError('ARI_URL is not an http or https URL')
  }
  const timing: SessionTiming = { ...TIMING, ...options.timing }
  const { user, password } = options
  const rest = createRest({ baseUrl: url.rest, user, password, callMs: timing.callMs, listMs: timing.listMs })
  const stasisContinue = createStasisContinue({ rest, log: deps.log, ticks })
  const carryOver = createCarryOver(options)
  const statusTracker = createStatusTracker(options.app, carryOver, deps)
  const stopping = new AbortController()
  let connection: Connection | null = null

  const backoff = createBackoff(() => {
    const { firstReadOnlyRetryMs, lastReadOnlyRetryMs, firstRetryMs, lastRetryMs } = timing
    if (carryOver.isReadOnly) {
      return { firstMs: firstReadOnlyRetryMs, lastMs: lastReadOnlyRetryMs }
    }
    return { firstMs: firstRetryMs, lastMs: lastRetryMs }
  }, deps.random ?? Math.random)

  async function reconnectLoop(url: AriUrl, consumer: Consumer): Promise<void> {
    const callbacks = statusTracker.callbacksFor(consumer)
    while (!stopping.signal.aborted) {
      statusTracker.begin()
      connection = openConnection({ ...options, url, timing }, { ...callbacks, rest, stasisContinue, carryOver })
      const disconnect = await connection.over
      if (statusTracker.inSyncMs() >= timing.inSyncMs) {
        backoff.reset()
      }
      if (stopping.signal.aborted) {
        break
      }
      // Finding the user read-only is not a failure: reconnect after the first delay.
      const waitMs = disconnect?.reason === 'read_only' ? timing.firstRetryMs : backoff.next()
      deps.log.debug({ waitMs }, 'waiting before reconnecting')
      statusTracker.remind(waitMs, timing.remindEveryMs)
      await pause(waitMs, stopping.signal)
    }
  }

  let over: Promise<void> = Promise.resolve()

  async function close(): Promise<void> {
    stopping.abort()
    connection?.stop()
    rest.close()
    statusTracker.stop()
    await Promise.race([over, pause(STOP_WITHIN_MS, null)])
    carryOver.leaseSince = null
  }

  let closing: Promise<void> | null = null
  function stop(): Promise<void> {
    closing ??= close()
    return closing
  }

  return {
    start(consumer) {
      over = reconnectLoop(url, safeConsumer(consumer, deps.log))
    },
    status: statusTracker.status,
    stasis: stasisContinue.waiting,
    stop,
  }
}

function createCarryOver({ lease }: SessionOptions): SessionCarryOver {
  let leaseSince = lease?.since ?? null
  return {
    client: null,
    isReadOnly: false,
    warned: new Set(),
    get leaseSince() {
      return leaseSince
    },
    set leaseSince(since) {
      if (since !== leaseSince) {
        lease?.note(since)
      }
      leaseSince = since
    },
  }
}

interface SessionStatusTracker {
  /** The callbacks of each connection. */
  callbacksFor(consumer: Consumer): Omit<ConnectionDependencies, 'rest' | 'stasisContinue' | 'carryOver'>
  begin(): void
  stop(): void
  /** Logs a lasting problem again, with the time of the next attempt, if it was not logged for `everyMs`. */
  remind(waitMs: number, everyMs: number): void
  /** How long the last session was in sync; 0 if it never was. */
  inSyncMs(): number
  status(): SessionStatus
}

/** Keeps the status, logs changes, and reports a lost connection to the consumer. */
function createStatusTracker(
  app: string,
  carryOver: SessionCarryOver,
  deps: SessionDependencies,
): SessionStatusTracker {
  const { log } = deps
  const { now = wallClock } = deps
  let phase: SessionStatus['phase'] = 'connecting'
  let asterisk: AsteriskInfo | null = null
  let problem: string | null = null
  let loggedAt = 0
  // By `ticks`.
  let syncedAt: number | null = null
  let inSyncMs = 0

  function onSync(): void {
    phase = 'in_sync'
    problem = null
    syncedAt = ticks()
    log.info({ version: asterisk?.version, entityId: asterisk?.entityId }, 'connected to Asterisk')
    log.info({ app, subscription: carryOver.isReadOnly ? 'subscribeAll' : 'explicit' }, 'listening')
  }

  // Both instants come from one reading of the clock: their difference is right even if the clock is set meanwhile.
  function reportLoss(consumer: Consumer, silentMs: number): void {
    const receivedAt = now()
    consumer.onEvent({ type: 'ConnectionLost', at: receivedAt - silentMs }, receivedAt)
  }

  function onEnd(consumer: Consumer, disconnect: Disconnect | null, silentMs: number): void {
    inSyncMs = syncedAt === null ? 0 : ticks() - syncedAt
    if (disconnect === null) {
      return
    }
    phase = 'waiting'
    if (syncedAt !== null) {
      reportLoss(consumer, silentMs)
    }
    consumer.onDisconnect(disconnect.reason)
    if (disconnect.problem === null || disconnect.problem === problem) {
      return
    }
    problem = disconnect.problem
    loggedAt = ticks()
    log.warn({ reason: disconnect.reason }, problem)
  }

  return {
    callbacksFor: (consumer) => ({
      consumer,
      log,
      now,
      onInfo(info) {
        asterisk = info
      },
      onOpen() {
        phase = 'syncing'
      },
      onSync,
      onEnd: (disconnect, silentMs) => onEnd(consumer, disconnect, silentMs),
    }),
    begin() {
      phase = 'connecting'
      syncedAt = null
    },
    stop() {
      phase = 'stopped'
    },
    remind(waitMs, everyMs) {
      if (problem === null || ticks() - loggedAt < everyMs) {
        return
      }
      loggedAt = ticks()
      log.info({ nextAttemptSeconds: Math.round(waitMs / 100) / 10 }, `still: ${problem}`)
    },
    inSyncMs: () => inSyncMs,
    status: () => ({ phase, asterisk, problem, readOnly: carryOver.isReadOnly }),
  }
}

/** Waits; returns early when the signal is aborted. */
function pause(ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
