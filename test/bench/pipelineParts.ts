// The pipeline without sockets, wired as the program wires it: frames as bytes in, rows on disk out.
//
// The call log is a real file, written by its thread.

import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { missedCallersOf } from '../../src/app/callbackOptions.ts'
import { createCallLogger } from '../../src/app/callLogger.ts'
import { createPipeline } from '../../src/app/pipeline.ts'
import { type ArrivalQueue, createArrivalQueue } from '../../src/ari/arrivalQueue.ts'
import { MALFORMED_REASONS } from '../../src/ari/decode.ts'
import { DISCONNECT_REASONS } from '../../src/ari/disconnect.ts'
import { FRAME_TYPES } from '../../src/ari/frameType.ts'
import { type Arrival, createArrivalHandler, createReceiver } from '../../src/ari/receiver.ts'
import { safeConsumer } from '../../src/ari/safeConsumer.ts'
import { rolesByName } from '../../src/call/outcome/direction.ts'
import { createTracker, type TrackerOptions } from '../../src/call/tracker.ts'
import type { MissedCallers } from '../../src/callback/missedCallers.ts'
import { openCallLog } from '../../src/calllog/callLog.ts'
import { WRITE_ERROR_REASONS } from '../../src/calllog/file/writeError.ts'
import { trackEndpoints } from '../../src/endpoint/endpoints.ts'
import { createLog } from '../../src/log.ts'
import { registerLiveGauges } from '../../src/metrics/liveGauges.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'

/** So many frames are passed on before other work may run, as with a busy socket. */
const FRAMES_A_TURN = 200

export type Take = (frame: Buffer) => void

export interface Runner {
  /** Resolves when all that they mean is on disk. */
  take(frames: readonly Buffer[]): Promise<void>
}

/** With a country, numbers are compared by their E.164 forms, which costs more than by their last digits. */
export const COUNTRY = 'FI'
const CALLBACK = { country: COUNTRY, windowMs: 72 * 3_600_000, maskNumbers: false }

export type MissedCallersPart = Pick<MissedCallers, 'apply' | 'advance' | 'waiting'>

/** The program's own, or `NO_MISSED_CALLERS`. */
export type MakeMissedCallers = (numberSecret: string) => MissedCallersPart

export const missedCallers: MakeMissedCallers = (numberSecret) =>
  missedCallersOf(CALLBACK, { numberSecret, waiting: [] }).missedCallers

/** In its place: finds nobody. */
export const noMissedCallers: MakeMissedCallers = () => ({ apply: () => [], advance: () => [], waiting: () => [] })

export interface PipelineOptions {
  readonly makeMissedCallers: MakeMissedCallers
  /** What the tracker is told about numbers. */
  readonly numbers?: Pick<TrackerOptions, 'destinationOf'>
  /** How long rows wait to be written together; absent: as in the program. */
  readonly flushMs?: number
}

/** Empty, with its files in a folder. */
export async function openPipeline(
  folder: string,
  { makeMissedCallers, numbers = {}, ...options }: PipelineOptions,
): Promise<Runner> {
  const log = createLog({ level: 'warn', format: 'json' }, process.stderr)
  const tracker = createTracker({ roleOf: rolesByName([]), ...numbers })
  const metrics = createMetrics({
    version: '0',
    revision: '0',
    nodeVersion: process.version,
    frameTypes: FRAME_TYPES,
    malformedReasons: MALFORMED_REASONS,
    disconnectReasons: DISCONNECT_REASONS,
    writeErrorReasons: WRITE_ERROR_REASONS,
    now: Date.now,
  })
  const { callLog, numberSecret } = await openCallLog(
    { path: join(folder, 'calls.db'), retentionDays: 0, ...options },
    { log, onWrite: (seconds) => metrics.logWrite(seconds), onWriteError: (reason) => metrics.logWriteError(reason) },
  )
  const callers = makeMissedCallers(numberSecret)
  registerLiveGauges(metrics.registry, {
    liveCounts: () => tracker.liveCounts(),
    session: () => ({ inSync: true, asterisk: null }),
    callLog: () => callLog.status(),
    endpoints: () => [],
    missedCallers: callers.waiting,
  })
  const { handleEvent: take } = createPipeline({
    tracker,
    endpoints: trackEndpoints(),
    log,
    observe: metrics.observe,
    append: callLog.append,
    missedCallers: callers,
    logCall: createCallLogger({ maskNumbers: false }, { log, rowId: (id) => callLog.rowId(id) }),
  })
  const consumer = safeConsumer(
    {
      onEvent(event, receivedAt) {
        if ('channel' in event) {
          metrics.lag(receivedAt - event.at)
        }
        take(event)
      },
      onFrame: (type) => metrics.frame(type),
      onMalformed: (reason) => metrics.malformed(reason),
      onDisconnect: (reason) => metrics.disconnect(reason),
    },
    log,
  )
  const ignore = (): void => undefined
  const queue: ArrivalQueue<Arrival> = createArrivalQueue(
    { maxBytes: Number.POSITIVE_INFINITY },
    {
      ...createArrivalHandler(consumer),
      onBehind: ignore,
      ticks: () => performance.now(),
      nextTurn: (run) => void setImmediate(run),
    },
  )
  const session = { onStasisStart: ignore, onStasisEnd: ignore, onReplaced: ignore, onOverrun: ignore }
  const receiver = createReceiver({ consumer, queue, now: Date.now, ...session })
  receiver.begin({ type: 'SnapshotTaken', at: 0, channels: [], bridges: [], endpoints: [] })
  return {
    async take(frames) {
      await inTurns(frames, receiver.push)
      await queue.drained()
      await callLog.flush()
    },
  }
}

/** Passes frames on as a busy socket does. */
export async function inTurns(frames: readonly Buffer[], take: Take): Promise<void> {
  for (const [index, frame] of frames.entries()) {
    take(frame)
    if (index % FRAMES_A_TURN === 0) {
      await turn()
    }
  }
}
