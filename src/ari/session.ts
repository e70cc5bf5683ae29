// The life of our ARI sessions, for ever: one attempt after the other, with a growing pause between them.
//
// It keeps what outlives a session (the client, the read-only finding, the name we held), tells the consumer when
// sight is lost, and says each change of trouble once. It never gives up; only `stop` ends it.

import type { Logger } from 'pino'
import { ticks, now as wallClock } from '../time/clock.ts'
import { createBackoff } from './backoff.ts'
import { type Attempt, startAttempt } from './connection.ts'
import type { Setback } from './disconnect.ts'
import type { AttemptDependencies, AttemptTiming, Memory } from './handshake.ts'
import { type AriUrl, parseAriUrl } from './rest/ariUrl.ts'
import { type AsteriskInfo, createRest } from './rest/rest.ts'
import { type Consumer, guardConsumer } from './safeConsumer.ts'
import { createHandback, type StasisWait } from './stasisContinue.ts'

export interface SessionOptions {
  /** `http://host:8088`, with or without `/ari`. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** The name under which we listen. */
  readonly app: string
  /** Whether a name that another listener holds is taken from it. */
  readonly takeover: boolean
  /** `lean` gives up dialplan steps and variables (queues, voice quality) for two thirds less traffic. */
  readonly detail: 'full' | 'lean'
  /** The name that we hold, across runs of the program: what an abrupt end left behind in Asterisk is ours, not another's. */
  readonly held?: { readonly since: number | null; note(since: number | null): void }
  readonly timing?: Partial<SessionTiming>
}

/** Milliseconds, but `maxHeld`. */
export interface SessionTiming extends AttemptTiming {
  readonly callMs: number
  readonly listMs: number
  readonly firstRetryMs: number
  readonly lastRetryMs: number
  readonly firstReadOnlyRetryMs: number
  readonly lastReadOnlyRetryMs: number
  /** A session that lived this long was a success: the next retry is a first one again. */
  readonly livedMs: number
  /** How often trouble that stays is said again. */
  readonly remindEveryMs: number
}

/** `onEvent`: `SnapshotTaken` comes first in each session, `ConnectionLost` once after it (not when stopped). */
export interface SessionDependencies extends Consumer {
  readonly log: Logger
  now?(): number
  random?(): number
}

export interface SessionStatus {
  readonly phase: 'connecting' | 'syncing' | 'in_sync' | 'waiting' | 'stopped'
  /** The Asterisk that answered last; null before the first answer. */
  readonly asterisk: AsteriskInfo | null
  /** What is wrong and which setting mends it; null while all is well. */
  readonly problem: string | null
  readonly readOnly: boolean
}

export interface Session {
  status(): SessionStatus
  /** Channels that the dialplan sent into our application and that are not handed back yet. */
  stasis(): StasisWait
  /** Closes the session with a close frame; settles within a second whatever the other side does. */
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
  livedMs: 10_000,
  remindEveryMs: 60_000,
  maxHeld: 500_000,
}

const STOP_WITHIN_MS = 900

/** Begins at once and goes on until `stop`. Throws only for a `url` that is none. */
export function startSession(options: SessionOptions, deps: SessionDependencies): Session {
  const url = parseAriUrl(options.url)
  if (url === null) throw new TypeError('ARI_URL is not an http or https URL')
  const timing: SessionTiming = { ...TIMING, ...options.timing }
  const { user, password } = options
  const rest = createRest({ baseUrl: url.rest, user, password, callMs: timing.callMs, listMs: timing.listMs })
  const handback = createHandback({ rest, log: deps.log, ticks })
  const memory = createMemory(options)
  const ledger = createLedger(options.app, memory, deps)
  const stopping = new AbortController()
  let attempt: Attempt | null = null

  const backoff = createBackoff(() => {
    const { firstReadOnlyRetryMs, lastReadOnlyRetryMs, firstRetryMs, lastRetryMs } = timing
    if (memory.isReadOnly) return { firstMs: firstReadOnlyRetryMs, lastMs: lastReadOnlyRetryMs }
    return { firstMs: firstRetryMs, lastMs: lastRetryMs }
  }, deps.random ?? Math.random)

  async function liveForEver(aim: AriUrl): Promise<void> {
    while (!stopping.signal.aborted) {
      ledger.begin()
      attempt = startAttempt({ ...options, url: aim, timing }, { ...ledger.callbacks, rest, handback, memory })
      const setback = await attempt.over
      if (ledger.livedMs() >= timing.livedMs) backoff.reset()
      if (stopping.signal.aborted) break
      // Becoming read-only is no failure: the second connection may come after the plain first wait.
      const waitMs = setback?.reason === 'read_only' ? timing.firstRetryMs : backoff.next()
      deps.log.debug({ waitMs }, 'waiting before the next attempt')
      ledger.remind(waitMs, timing.remindEveryMs)
      await pause(waitMs, stopping.signal)
    }
  }

  const over = liveForEver(url)

  async function close(): Promise<void> {
    stopping.abort()
    attempt?.stop()
    rest.close()
    ledger.stop()
    await Promise.race([over, pause(STOP_WITHIN_MS, null)])
    memory.heldSince = null
  }

  let closing: Promise<void> | null = null
  function stop(): Promise<void> {
    closing ??= close()
    return closing
  }

  return { status: ledger.status, stasis: handback.waiting, stop }
}

function createMemory({ held }: SessionOptions): Memory {
  let heldSince = held?.since ?? null
  return {
    client: null,
    isReadOnly: false,
    warned: new Set(),
    get heldSince() {
      return heldSince
    },
    set heldSince(since) {
      if (since !== heldSince) held?.note(since)
      heldSince = since
    },
  }
}

interface Ledger {
  /** What an attempt is told to call. */
  readonly callbacks: Omit<AttemptDependencies, 'rest' | 'handback' | 'memory'>
  begin(): void
  stop(): void
  /** Says the trouble again, and when the next attempt is, if it was not said for so long. */
  remind(waitMs: number, everyMs: number): void
  /** How long the last session was in sync; 0 when it never was. */
  livedMs(): number
  status(): SessionStatus
}

/** Keeps the status, writes the log, and tells the consumer of losses. */
function createLedger(app: string, memory: Memory, deps: SessionDependencies): Ledger {
  const { log } = deps
  const { now = wallClock } = deps
  const consumer = guardConsumer(deps, log)
  let phase: SessionStatus['phase'] = 'connecting'
  let asterisk: AsteriskInfo | null = null
  let problem: string | null = null
  let saidAt = 0
  // By the clock that nobody sets.
  let syncedAt: number | null = null
  let livedMs = 0

  function onSync(): void {
    phase = 'in_sync'
    problem = null
    syncedAt = ticks()
    log.info({ version: asterisk?.version, entityId: asterisk?.entityId }, 'connected to Asterisk')
    log.info({ app, subscription: memory.isReadOnly ? 'subscribeAll' : 'explicit' }, 'listening')
  }

  // Both instants from one reading: their difference is the span, whatever is done to the clock.
  function loseSight(silentMs: number): void {
    const receivedAt = now()
    consumer.onEvent({ type: 'ConnectionLost', at: receivedAt - silentMs }, receivedAt)
  }

  function onEnd(setback: Setback | null, silentMs: number): void {
    livedMs = syncedAt === null ? 0 : ticks() - syncedAt
    if (setback === null) return
    phase = 'waiting'
    if (syncedAt !== null) loseSight(silentMs)
    consumer.onDisconnect(setback.reason)
    if (setback.problem === null || setback.problem === problem) return
    problem = setback.problem
    saidAt = ticks()
    log.warn({ reason: setback.reason }, problem)
  }

  return {
    callbacks: {
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
      onEnd,
    },
    begin() {
      phase = 'connecting'
      syncedAt = null
    },
    stop() {
      phase = 'stopped'
    },
    remind(waitMs, everyMs) {
      if (problem === null || ticks() - saidAt < everyMs) return
      saidAt = ticks()
      log.info({ nextAttemptSeconds: Math.round(waitMs / 100) / 10 }, `still: ${problem}`)
    },
    livedMs: () => livedMs,
    status: () => ({ phase, asterisk, problem, readOnly: memory.isReadOnly }),
  }
}

/** Ends early when the signal is aborted. */
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
