// One repetition of the pipeline without sockets, in a process of its own: frames as bytes in, rows on disk out.
//
//   node pipelineRun.ts ours|floor trace|mix CALLS FOLDER     (the recorded load, or the simulated mix in lean traffic)
//
// `ours` is what the program does with a frame: decode, track, count, log (a real file, written by its thread), wired as the program
// wires them. `floor` is the least that leaves the same rows: JSON.parse of the same frames, then one insert of all rows.
// Sends `{cpuUs, seconds}` for one event and for all; processor time of all threads, warmed up beforehand.

import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { createCallLogger } from '../../src/app/callLogger.ts'
import { createPipeline } from '../../src/app/pipeline.ts'
import { type ArrivalQueue, createArrivalQueue } from '../../src/ari/arrivalQueue.ts'
import { decodeFrame, MALFORMED_REASONS } from '../../src/ari/decode.ts'
import { DISCONNECT_REASONS } from '../../src/ari/disconnect.ts'
import { FRAME_TYPES } from '../../src/ari/frameType.ts'
import { type Arrival, createArrivalHandler, createReceiver } from '../../src/ari/receiver.ts'
import { safeConsumer } from '../../src/ari/safeConsumer.ts'
import type { CallFact, CallRecord, LegRecord } from '../../src/call/fact.ts'
import { rolesByName } from '../../src/call/outcome/direction.ts'
import { createTracker } from '../../src/call/tracker.ts'
import { openCallLog } from '../../src/calllog/callLog.ts'
import { openDatabase } from '../../src/calllog/file/open.ts'
import { WRITE_ERROR_REASONS } from '../../src/calllog/file/writeError.ts'
import { batchWriter } from '../../src/calllog/writer/batch.ts'
import { trackEndpoints } from '../../src/endpoint/endpoints.ts'
import { createLog } from '../../src/log.ts'
import { registerLiveGauges } from '../../src/metrics/liveGauges.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { type Load, mixedLoad, recordedLoad } from './frames.ts'

/** So many frames are passed on before other work may run, as with a busy socket. */
const FRAMES_A_TURN = 200

type Take = (frame: Buffer) => void
interface Runner {
  take(frames: readonly Buffer[]): Promise<void>
}

const [kind = '', mix = '', calls = '', folder = ''] = process.argv.slice(2)
const [warmUp, load] = loads(mix, Number(calls))
const runner = kind === 'ours' ? await ours() : floor()
await runner.take(warmUp)
const [before, begun] = [process.cpuUsage(), performance.now()]
await runner.take(load)
const { user, system } = process.cpuUsage(before)
const found = { cpuUs: (user + system) / load.length, seconds: (performance.now() - begun) / 1000 }
process.send?.({ ...found, frames: load.length }, () => process.exit())

function loads(name: string, count: number): readonly [readonly Buffer[], readonly Buffer[]] {
  if (name === 'trace') {
    return [bytesOf(recordedLoad(1)), bytesOf(recordedLoad(Math.max(1, Math.round(count / 1_500)), 1))]
  }
  return [bytesOf(mixedLoad('lean', Math.ceil(count / 4), 1)), bytesOf(mixedLoad('lean', count, 2))]
}

function bytesOf({ frames }: Load): readonly Buffer[] {
  return frames.map((text) => Buffer.from(text))
}

async function ours(): Promise<Runner> {
  const log = createLog({ level: 'warn', format: 'json' }, process.stderr)
  const tracker = createTracker({ roleOf: rolesByName([]) })
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
  const { callLog } = await openCallLog(
    { path: join(folder, 'calls.db'), retentionDays: 0 },
    { log, onWrite: (seconds) => metrics.logWrite(seconds), onWriteError: (reason) => metrics.logWriteError(reason) },
  )
  registerLiveGauges(metrics.registry, {
    liveCounts: () => tracker.liveCounts(),
    session: () => ({ inSync: true, asterisk: null }),
    callLog: () => callLog.status(),
    endpoints: () => [],
  })
  const { handleEvent: take } = createPipeline({
    tracker,
    endpoints: trackEndpoints(),
    log,
    observe: metrics.observe,
    append: (facts, sums) => callLog.append(facts, sums),
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

function floor(): Runner {
  const { db } = openDatabase(join(folder, 'calls.db'))
  const write = batchWriter(db)
  const last = { callId: 0, legId: 0 }
  const rows = new Map([warmUp, load].map((frames) => [frames, rowsOf(frames, last)]))
  return {
    async take(frames) {
      await inTurns(frames, (frame) => JSON.parse(frame.toString()))
      const { calls: callRows = [], legs = [] } = rows.get(frames) ?? {}
      const counters = { ended: callRows.length, dropped: 0, number: 1, at: Date.now(), aheadMs: 0 }
      write({ calls: callRows, legs, deletedCallIds: [], totals: [], ...counters })
    },
  }
}

async function inTurns(frames: readonly Buffer[], take: Take): Promise<void> {
  for (const [index, frame] of frames.entries()) {
    take(frame)
    if (index % FRAMES_A_TURN === 0) {
      await turn()
    }
  }
}

// The last record of each call and leg, which is what stays in the tables.
function rowsOf(frames: readonly Buffer[], last: { callId: number; legId: number }) {
  const calls = new Map<string, CallRecord>()
  const legs = new Map<string, LegRecord>()
  const tracker = createTracker({ roleOf: rolesByName([]) })
  const { handleEvent: take } = createPipeline({
    tracker,
    endpoints: trackEndpoints(),
    log: createLog({ level: 'silent', format: 'json' }, process.stderr),
    observe: () => [],
    logCall: () => undefined,
    append: (facts: readonly CallFact[]) => {
      for (const fact of facts) {
        if ('call' in fact) {
          calls.set(fact.call.channelId, fact.call)
        }
        if ('leg' in fact) {
          legs.set(fact.leg.id, fact.leg)
        }
      }
    },
  })
  for (const frame of frames) {
    const decoded = decodeFrame(frame.toString())
    if (decoded.kind === 'event') {
      take(decoded.event)
    }
  }
  const ids = new Map([...calls.keys()].map((channelId) => [channelId, ++last.callId]))
  const at = Date.now()
  return {
    calls: [...calls.values()].map((call) => ({
      id: ids.get(call.channelId) ?? 0,
      ended: call.endedAt !== null,
      createdAt: at,
      updatedAt: at,
      node: null,
      call,
    })),
    legs: [...legs.values()].map((leg) => ({ id: ++last.legId, callId: ids.get(leg.callId) ?? 0, leg })),
  }
}
