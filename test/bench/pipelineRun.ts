// One repetition of the pipeline without sockets, in a process of its own: frames as bytes in, rows on disk out.
//
//   node pipelineRun.ts ours|floor trace|mix CALLS FOLDER     (the recorded load, or the simulated mix in lean traffic)
//
// `ours` is what the program does with a frame: decode, track, count, log (pipelineParts.ts). `floor` is the least that leaves the same rows: JSON.parse of the same frames, then one insert of all rows.
// Sends `{cpuUs, seconds}` for one event and for all; processor time of all threads, warmed up beforehand.

import { join } from 'node:path'
import { createPipeline } from '../../src/app/pipeline.ts'
import { decodeFrame } from '../../src/ari/decode.ts'
import type { CallFact, CallRecord, LegRecord } from '../../src/call/fact.ts'
import { rolesByName } from '../../src/call/outcome/direction.ts'
import { createTracker } from '../../src/call/tracker.ts'
import { openDatabase } from '../../src/calllog/file/open.ts'
import { batchWriter } from '../../src/calllog/writer/batch.ts'
import { trackEndpoints } from '../../src/endpoint/endpoints.ts'
import { createLog } from '../../src/log.ts'
import { type Load, mixedLoad, recordedLoad } from './frames.ts'
import { inTurns, missedCallers, openPipeline, type Runner } from './pipelineParts.ts'

const [kind = '', mix = '', calls = '', folder = ''] = process.argv.slice(2)
const [warmUp, load] = loads(mix, Number(calls))
const runner = kind === 'ours' ? await openPipeline(folder, { makeMissedCallers: missedCallers }) : floor()
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

// The last record of each call and leg, which is what stays in the tables.
function rowsOf(frames: readonly Buffer[], last: { callId: number; legId: number }) {
  const calls = new Map<string, CallRecord>()
  const legs = new Map<string, LegRecord>()
  const tracker = createTracker({ roleOf: rolesByName([]) })
  const { handleEvent, finish } = createPipeline({
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
      handleEvent(decoded.event)
    }
  }
  finish()
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
