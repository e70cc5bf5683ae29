// Keeps an ARI session open: reconnects with a growing delay until `stop`.
//
// It keeps what outlives a session: the client, whether the user is read-only, the lease of the application name, and the queue of
// what waits to be handled. It never gives up.

import type { Logger } from '../log.ts'
import { ticks, now as wallClock } from '../time/clock.ts'
import { type ArrivalQueue, createArrivalQueue, type QueueState } from './arrivalQueue.ts'
import { createBackoff } from './backoff.ts'
import { type Connection, openConnection } from './connection.ts'
import { type AriControl, createAriControl } from './control.ts'
import type { DisconnectReason } from './disconnect.ts'
import { isNameKept } from './farewell.ts'
import type { ConnectionTiming, SessionCarryOver } from './handshake.ts'
import { type Ask, createAsk } from './questions/ask.ts'
import { type Arrival, type ArrivalHandler, createArrivalHandler } from './receiver.ts'
import { type AriUrl, parseAriUrl } from './rest/ariUrl.ts'
import { createRest } from './rest/rest.ts'
import { type Consumer, safeConsumer } from './safeConsumer.ts'
import { createStatusTracker, type SessionStatus } from './sessionStatus.ts'
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
  /** Bytes of events that may wait to be handled; more end the session. */
  readonly queueBytes: number
  /** Whether calls may be begun and ended. Default false. */
  readonly mayControl?: boolean
  /** The lease of the name across runs of the program: a registration that an earlier run left behind in Asterisk is our own. */
  readonly lease?: { readonly since: number | null; note(since: number | null): void }
  readonly timing?: Partial<SessionTiming>
}

/** Milliseconds. */
export interface SessionTiming extends ConnectionTiming {
  readonly callMs: number
  readonly listMs: number
  readonly askMs: number
  readonly firstRetryMs: number
  readonly lastRetryMs: number
  readonly firstReadOnlyRetryMs: number
  readonly lastReadOnlyRetryMs: number
  /** After a session that was in sync this long, the retry delay starts again with the first. */
  readonly inSyncMs: number
  /** How often a lasting problem is logged again. */
  readonly remindEveryMs: number
  /** How long a stop goes on handling what waits. */
  readonly workOffMs: number
}

export interface SessionDependencies {
  readonly log: Logger
  now?(): number
  random?(): number
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
  /** What was received and is not handled yet. */
  queued(): QueueState
  /** Asks Asterisk one question, for at most a second; to be called while the session is in sync. */
  readonly ask: Ask
  /** Null unless calls may be begun and ended. */
  readonly control: AriControl | null
  /**
   * Closes the session with a close frame, within a second whatever the other side does; then handles what waits, for at most
   * `workOffMs`. Afterwards the consumer gets nothing more.
   */
  stop(): Promise<void>
}

const TIMING: SessionTiming = {
  callMs: 5_000,
  listMs: 30_000,
  askMs: 1_000,
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
  workOffMs: 0,
}

/** Together with the farewell, less than a second. */
const CLOSE_WITHIN_MS = 600
const FAREWELL_MS = 150

/** Afterwards the application name belongs to another listener. */
const NAME_LOST: readonly DisconnectReason[] = ['name_taken', 'replaced']

/** Does nothing before `start`. Throws TypeError if `url` is not a valid http(s) URL. */
export function createSession(options: SessionOptions, deps: SessionDependencies): Session {
  const url = parseAriUrl(options.url)
  if (url === null) {
    throw new TypeError('ARI_URL is not an http or https URL')
  }
  const { log, now = wallClock } = deps
  const timing: SessionTiming = { ...TIMING, ...options.timing }
  const { user, password } = options
  const { callMs, listMs, askMs } = timing
  const restOptions = { baseUrl: url.rest, user, password, callMs, listMs, askMs }
  const rest = createRest(restOptions)
  const stasisContinue = createStasisContinue({ rest, log, ticks })
  const carryOver = createCarryOver(options)
  const statusTracker = createStatusTracker(options.app, carryOver, { log, now })
  const stopping = new AbortController()
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve))
  let connection: Connection | null = null
  let queue: ArrivalQueue<Arrival> | null = null
  let handler: ArrivalHandler | null = null
  let isNameLost = false

  const backoff = createBackoff(() => {
    const { firstReadOnlyRetryMs, lastReadOnlyRetryMs, firstRetryMs, lastRetryMs } = timing
    if (carryOver.isReadOnly) {
      return { firstMs: firstReadOnlyRetryMs, lastMs: lastReadOnlyRetryMs }
    }
    return { firstMs: firstRetryMs, lastMs: lastRetryMs }
  }, deps.random ?? Math.random)

  async function reconnectLoop(url: AriUrl, consumer: Consumer, queue: ArrivalQueue<Arrival>): Promise<void> {
    const callbacks = statusTracker.callbacksFor(consumer, queue)
    const connectionDeps = { ...callbacks, rest, stasisContinue, carryOver, consumer, queue, log, now }
    while (!stopping.signal.aborted) {
      statusTracker.begin()
      connection = openConnection({ ...options, url, timing }, connectionDeps)
      const disconnect = await connection.over
      if (disconnect !== null && NAME_LOST.includes(disconnect.reason)) {
        isNameLost = true
      } else if (statusTracker.inSyncMs() > 0) {
        isNameLost = false
      }
      // What was received is complete before the next snapshot; and a program that is behind need not read one too.
      await Promise.race([queue.drained(), stopped])
      if (statusTracker.inSyncMs() >= timing.inSyncMs) {
        backoff.reset()
      }
      if (stopping.signal.aborted) {
        break
      }
      // Finding the user read-only is not a failure: reconnect after the first delay.
      const waitMs = disconnect?.reason === 'read_only' ? timing.firstRetryMs : backoff.next()
      log.debug({ waitMs }, 'waiting before reconnecting')
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
    await Promise.race([over, pause(CLOSE_WITHIN_MS, null)])
    await Promise.all([returnName(), workOff()])
  }

  async function returnName(): Promise<void> {
    if (carryOver.leaseSince === null) {
      return
    }
    const farewell = createRest({ ...restOptions, callMs: FAREWELL_MS })
    if (isNameLost || !(await isNameKept(() => farewell.hasApplication(options.app)))) {
      carryOver.leaseSince = null
    }
    farewell.close()
  }

  async function workOff(): Promise<void> {
    const worked = Promise.resolve(queue?.drained()).then(() => true)
    if (await Promise.race([worked, pause(timing.workOffMs, null).then(() => false)])) {
      return
    }
    queue?.discard()
    handler?.stop()
    log.warn(
      {},
      'not all events that had arrived were handled before the stop: the next start asks Asterisk for the calls',
    )
  }

  let closing: Promise<void> | null = null
  function stop(): Promise<void> {
    closing ??= close()
    return closing
  }

  return {
    start(consumer) {
      const safe = safeConsumer(consumer, log)
      handler = createArrivalHandler(safe)
      queue = createQueueFor(safe, handler, options.queueBytes)
      over = reconnectLoop(url, safe, queue)
    },
    status: statusTracker.status,
    stasis: stasisContinue.waiting,
    queued: () => queue?.queued() ?? { bytes: 0, oldestMs: 0 },
    ask: createAsk(rest),
    control: options.mayControl === true ? createAriControl(rest) : null,
    stop,
  }
}

function createQueueFor(consumer: Consumer, handler: ArrivalHandler, maxBytes: number): ArrivalQueue<Arrival> {
  return createArrivalQueue(
    { maxBytes },
    {
      ...handler,
      onBehind: (isBehind) => consumer.onBehind?.(isBehind),
      ticks,
      nextTurn: (run) => void setImmediate(run),
    },
  )
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
