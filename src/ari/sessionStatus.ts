// The status of the ARI session, for health checks and the page; logs each new problem once, and a lasting one from time to time.

import type { Logger } from '../log.ts'
import { ticks } from '../time/clock.ts'
import type { ArrivalQueue } from './arrivalQueue.ts'
import type { Disconnect } from './disconnect.ts'
import type { ConnectionDependencies, SessionCarryOver } from './handshake.ts'
import type { Arrival } from './receiver.ts'
import type { AsteriskInfo } from './rest/rest.ts'
import type { Consumer } from './safeConsumer.ts'

export interface SessionStatus {
  readonly phase: 'connecting' | 'syncing' | 'in_sync' | 'waiting' | 'stopped'
  /** The Asterisk that answered last; null before the first answer. */
  readonly asterisk: AsteriskInfo | null
  /** What is wrong and which setting to change; null while connected. */
  readonly problem: string | null
  readonly readOnly: boolean
}

type StatusCallbacks = Pick<ConnectionDependencies, 'onInfo' | 'onOpen' | 'onSync' | 'onEnd'>

export interface StatusTrackerDependencies {
  readonly log: Logger
  readonly now: () => number
}

export interface StatusTracker {
  /** The callbacks of each connection. */
  callbacksFor(consumer: Consumer, queue: ArrivalQueue<Arrival>): StatusCallbacks
  begin(): void
  stop(): void
  /** Logs a lasting problem again, with the time of the next attempt, if it was not logged for `everyMs`. */
  remind(waitMs: number, everyMs: number): void
  /** How long the last session was in sync; 0 if it never was. */
  inSyncMs(): number
  status(): SessionStatus
}

/** Keeps the status, logs changes, and reports a lost connection to the consumer. */
export function createStatusTracker(
  app: string,
  carryOver: SessionCarryOver,
  { log, now }: StatusTrackerDependencies,
): StatusTracker {
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
  function reportLoss(queue: ArrivalQueue<Arrival>, silentMs: number): void {
    const receivedAt = now()
    queue.put({ event: { type: 'ConnectionLost', at: receivedAt - silentMs }, receivedAt })
  }

  function noteEnd(disconnect: Disconnect | null): void {
    inSyncMs = syncedAt === null ? 0 : ticks() - syncedAt
    if (disconnect === null) {
      return
    }
    phase = 'waiting'
    if (disconnect.problem === null || disconnect.problem === problem) {
      return
    }
    problem = disconnect.problem
    loggedAt = ticks()
    log.warn({ reason: disconnect.reason }, problem)
  }

  return {
    callbacksFor: (consumer, queue) => ({
      onInfo(info) {
        asterisk = info
      },
      onOpen() {
        phase = 'syncing'
      },
      onSync,
      onEnd(disconnect, silentMs) {
        if (disconnect !== null && syncedAt !== null) {
          reportLoss(queue, silentMs)
        }
        noteEnd(disconnect)
        if (disconnect !== null) {
          consumer.onDisconnect(disconnect.reason)
        }
      },
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
