// Records and facts for the tests of the metrics: a plain one of each kind, to be varied.
//
// Also a metrics instance with idle sources, and a parser of the exposed text.

import type { Direction } from '../../../src/call/event.ts'
import type { CallFact, CallRecord, LegRecord, QueueWaitRecord, VoiceQuality } from '../../../src/call/fact.ts'
import { type LiveSources, registerLiveGauges } from '../../../src/metrics/liveGauges.ts'
import { createMetrics, type Metrics, type MetricsOptions } from '../../../src/metrics/metrics.ts'

export const T0 = 1_700_000_000_000

/** An internal call that 102 answered after 4 s and that lasted 61.5 s. */
export function callRecord(changes: Partial<CallRecord> = {}): CallRecord {
  return {
    channelId: 'call-1',
    caller: '101',
    callee: '102',
    callerName: 'Ann',
    callerEndpoint: '101',
    callerRole: 'phone',
    originated: false,
    direction: 'internal',
    directionSettled: true,
    startedAt: T0,
    ringingAt: T0 + 1_000,
    answeredAt: T0 + 4_000,
    endedAt: T0 + 65_500,
    durationMs: 61_500,
    ringMs: 3_000,
    answerDelayMs: 4_000,
    holdMs: 0,
    state: 'talking',
    disposition: 'answered',
    missed: false,
    offered: true,
    cause: 16,
    causeText: 'Normal Clearing',
    causeClass: 'normal',
    hungUpBy: 'caller',
    queue: null,
    queueEnteredAt: null,
    queueWaitMs: null,
    answeredBy: ['102'],
    trunk: null,
    line: null,
    destination: null,
    transfers: 0,
    accountCode: '',
    context: 'internal',
    quality: goodVoice(),
    voice: null,
    voiceProblem: null,
    mergedInto: null,
    sipCallId: null,
    recording: null,
    ...changes,
  }
}

/** The dial attempt to 102 of that call. */
export function legRecord(changes: Partial<LegRecord> = {}): LegRecord {
  return {
    id: 'leg-1',
    callId: 'call-1',
    channelId: 'leg-1',
    endpoint: '102',
    endpointRole: 'phone',
    role: 'callee',
    dialed: '102',
    destination: null,
    direction: 'internal',
    startedAt: T0 + 500,
    progressAt: T0 + 1_000,
    ringingAt: T0 + 1_000,
    answeredAt: T0 + 4_000,
    endedAt: T0 + 65_500,
    talkMs: 61_500,
    result: 'answered',
    cause: 16,
    quality: goodVoice(),
    voiceProblem: null,
    sipCallId: null,
    ...changes,
  }
}

export function queueWait(changes: Partial<QueueWaitRecord> = {}): QueueWaitRecord {
  return { callId: 'call-1', queue: 'sales', enteredAt: T0, leftAt: T0 + 12_000, outcome: 'answered', ...changes }
}

export function goodVoice(changes: Partial<VoiceQuality> = {}): VoiceQuality {
  return {
    rx: { packets: 3_000, mos: 4.35, lossRatio: 0.002, jitterMs: 4 },
    tx: { packets: 2_990, mos: 4.05, lossRatio: 0, jitterMs: 12 },
    roundTripMs: 20,
    implausible: 0,
    ...changes,
  }
}

export const callStarted = (call: CallRecord): CallFact => ({ type: 'CallStarted', at: call.startedAt, call })
export const callChanged = (call: CallRecord): CallFact => ({ type: 'CallChanged', at: call.startedAt, call })
export const callEnded = (call: CallRecord): CallFact => ({ type: 'CallEnded', at: call.endedAt ?? T0, call })
export const legStarted = (leg: LegRecord): CallFact => ({ type: 'LegStarted', at: leg.startedAt, leg })
export const legEnded = (leg: LegRecord): CallFact => ({ type: 'LegEnded', at: leg.endedAt ?? T0, leg })
export const queueLeft = (wait: QueueWaitRecord): CallFact => ({ type: 'QueueLeft', at: wait.leftAt, wait })

/** A call that has just started. */
export function openCall(channelId: string, direction: Direction, directionSettled: boolean): CallRecord {
  return callRecord({
    channelId,
    direction,
    directionSettled,
    ringingAt: null,
    answeredAt: null,
    endedAt: null,
    disposition: null,
    state: 'setup',
  })
}

const QUIET: LiveSources = {
  liveCounts: () => [],
  session: () => ({ inSync: true, asterisk: null }),
  callLog: () => ({ rows: 0, pending: 0 }),
  endpoints: () => [],
  outbox: () => [{ sink: 'postgres', rows: 0, oldestSeconds: 0 }],
}

/** Metrics of an idle PBX without those of the process; `sources` and `options` can change both. */
export function testMetrics(sources: Partial<LiveSources> = {}, options: Partial<MetricsOptions> = {}): Metrics {
  const base: MetricsOptions = {
    version: '1.2.3',
    revision: 'abcdef0',
    nodeVersion: '24.0.0',
    frameTypes: ['Dial', 'ChannelCreated'],
    malformedReasons: ['not_json', 'no_type'],
    disconnectReasons: ['closed', 'refused'],
    writeErrorReasons: ['busy'],
    lines: ['Sales'],
    sinks: ['postgres'],
    now: () => T0,
    runtimeMetrics: false,
  }
  const metrics = createMetrics({ ...base, ...options })
  registerLiveGauges(metrics.registry, { ...QUIET, ...sources })
  return metrics
}

/** Metrics with a value in every family, including hostile names. */
export function busyMetrics(): Metrics {
  const metrics = testMetrics({
    liveCounts: () => [
      { key: { family: 'calls', direction: 'inbound', state: 'talking' }, count: 1, oldestAt: T0 - 1 },
      { key: { family: 'queue', queue: 'sa"les\\\n' }, count: 1, oldestAt: T0 - 1 },
      { key: { family: 'trunk', trunk: 'carrier', direction: 'inbound' }, count: 1, oldestAt: T0 },
    ],
    session: () => ({ inSync: true, asterisk: { version: '22.10.1', entityId: '52:54', startedAt: T0 } }),
    endpoints: () => [{ endpoint: 'Ünïcode "7"', role: 'phone', state: 'online', roundTripMs: 4 }],
  })
  metrics.observe(callEnded(callRecord({ callerRole: 'trunk', callerEndpoint: 'car\\rier' })))
  metrics.observe(legEnded(legRecord({ endpoint: '1"02', talkMs: 1_234.5 })))
  metrics.observe(queueLeft(queueWait({ queue: 'sa"les\\\n' })))
  metrics.frame('Dial')
  metrics.lag(3)
  return metrics
}

/** The exposed values by series, `name{label="value",…}` with sorted labels. */
export async function samplesOf(metrics: Metrics): Promise<ReadonlyMap<string, number>> {
  const { body } = await metrics.expose()
  const samples = new Map<string, number>()
  for (const line of body.split('\n')) {
    if (line === '' || line.startsWith('#')) {
      continue
    }
    const end = line.lastIndexOf(' ')
    samples.set(sortedSeries(line.slice(0, end)), Number(line.slice(end + 1)))
  }
  return samples
}

function sortedSeries(series: string): string {
  const [name = '', labels] = series.split(/[{}]/)
  if (labels === undefined) {
    return name
  }
  const sorted = labels.match(/\w+="(?:[^"\\]|\\.)*"/g)?.sort() ?? []
  return `${name}{${sorted.join(',')}}`
}

/** The sum over all series of one name. */
export function sumOf(samples: ReadonlyMap<string, number>, name: string): number {
  let sum = 0
  for (const [series, value] of samples) {
    if (series === name || series.startsWith(`${name}{`)) {
      sum += value
    }
  }
  return sum
}
