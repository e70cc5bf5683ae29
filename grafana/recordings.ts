// The names of the series that prometheus/rules/recording.yml records.
//
// Ratios and averages are computed only there. A test compares these names with that file, and asserts that a board, an alert or
// another recording rule uses each. Names are level:metric:operation, with the window at the end.

import { CATALOGUE } from '../src/metrics/catalogue/catalogue.ts'
import { type LabelFilter, selector, type Variable } from './promql.ts'

/** A family of recorded series: the same expression over one or more windows. `labels`: those besides job and instance. */
export interface Recording {
  /** The name without the window. */
  readonly name: string
  /** The windows; '' for a series without a window. */
  readonly windows: readonly string[]
  readonly labels: readonly string[]
}

const SHORT: readonly string[] = ['5m', '30m', '1h', '6h']
const LONG: readonly string[] = ['30m', '1h', '6h']
const NOW: readonly string[] = ['']

/** All families. */
export const RECORDINGS = {
  // Calls
  answered: family(['direction'], [`${stem(CATALOGUE.calls)}_answered`, 'increase'], [...SHORT, '2h']),
  missed: family(['direction'], [stem(CATALOGUE.missedCalls), 'increase'], ['5m', '15m', '30m', '1h', '2h', '6h']),
  offered: family(['direction'], [stem(CATALOGUE.callsOffered), 'increase'], SHORT),
  answerRate: family([], ['asterisk_call_answer', 'ratio'], SHORT),
  answerRateByDirection: family(['direction'], ['asterisk_call_answer', 'ratio'], SHORT),
  missedShare: family([], ['asterisk_call_missed', 'ratio'], SHORT),
  missedShareByDirection: family(['direction'], ['asterisk_call_missed', 'ratio'], SHORT),
  talkSeconds: family(['direction'], [`${CATALOGUE.callDuration.name}_sum`, 'rate'], SHORT),
  conversations: family(['direction'], [`${CATALOGUE.callDuration.name}_count`, 'rate'], SHORT),
  averageDuration: family([], [CATALOGUE.callDuration.name, 'mean'], SHORT),
  averageDurationByDirection: family(['direction'], [CATALOGUE.callDuration.name, 'mean'], SHORT),
  started: family([], [stem(CATALOGUE.callsStarted), 'increase'], SHORT),
  startedByDirection: family(['direction'], [stem(CATALOGUE.callsStarted), 'increase'], SHORT),
  active: family([], [CATALOGUE.callsActive.name, 'sum'], NOW),
  activeByDirection: family(['direction'], [CATALOGUE.callsActive.name, 'sum'], NOW),
  // Missed callers
  callersWaiting: family([], [CATALOGUE.missedCallersWaiting.name, 'sum'], NOW),
  callersClosed: family([], [stem(CATALOGUE.missedCallers), 'increase'], ['1h', '1d']),
  callersLate: family([], [`${stem(CATALOGUE.missedCallers)}_late`, 'min'], ['1h']),
  callersReturnedWithin: family(['le'], [`${stem(CATALOGUE.missedCallers)}_returned`, 'increase'], ['1d']),
  callersDueWithin: family(['le'], [`${stem(CATALOGUE.missedCallers)}_due`, 'increase'], ['1d']),
  callersReturned: family([], [`${stem(CATALOGUE.missedCallers)}_returned`, 'increase'], ['7d']),
  callersDue: family([], [`${stem(CATALOGUE.missedCallers)}_due`, 'increase'], ['7d']),
  callersReturnedShare: family([], [`${stem(CATALOGUE.missedCallers)}_returned`, 'ratio'], ['7d']),
  // Trunks
  attempts: family(['trunk'], [stem(CATALOGUE.trunkAttempts), 'increase'], LONG),
  attemptsByDirection: family(['trunk', 'direction'], [stem(CATALOGUE.trunkAttempts), 'increase'], LONG),
  attemptsAnswered: family(['trunk', 'direction'], [`${stem(CATALOGUE.trunkAttempts)}_answered`, 'increase'], LONG),
  attemptsEffective: family(['trunk', 'direction'], [`${stem(CATALOGUE.trunkAttempts)}_effective`, 'increase'], LONG),
  asrByDirection: family(['direction'], ['asterisk_trunk_asr', 'ratio'], LONG),
  asrOfTrunk: family(['trunk'], ['asterisk_trunk_asr', 'ratio'], LONG),
  asrOfTrunkByDirection: family(['trunk', 'direction'], ['asterisk_trunk_asr', 'ratio'], LONG),
  nerByDirection: family(['direction'], ['asterisk_trunk_ner', 'ratio'], LONG),
  nerOfTrunk: family(['trunk'], ['asterisk_trunk_ner', 'ratio'], LONG),
  nerOfTrunkByDirection: family(['trunk', 'direction'], ['asterisk_trunk_ner', 'ratio'], LONG),
  trunkCalls: family(['trunk'], [CATALOGUE.trunkCallsActive.name, 'sum'], NOW),
  trunkPeak: family(['trunk'], [CATALOGUE.trunkCallsActive.name, 'max'], ['5m', '1h', '1d']),
  trunkUse: family(['trunk'], ['asterisk_trunk_use', 'ratio'], ['', '5m']),
  trunkHeadroom: family(['trunk'], ['asterisk_trunk_headroom_calls', 'min'], ['5m', '1h', '1d']),
  trunkFull: family(['trunk'], ['asterisk_trunk_full', 'ratio'], ['5m', '1h']),
  trunkRefused: family(['trunk'], [`${stem(CATALOGUE.trunkAttempts)}_refused`, 'increase'], ['5m']),
  trunksFull: family([], ['asterisk_trunks_full', 'sum'], NOW),
  // Minutes of trunks, and lines
  trunkAnswered: family(['trunk'], [`${stem(CATALOGUE.trunkAttempts)}_answered`, 'increase'], LONG),
  trunkAcd: family(['trunk'], [stem(CATALOGUE.trunkTalk), 'mean'], LONG),
  trunkShortShare: family(['trunk'], [stem(CATALOGUE.trunkShortCalls), 'ratio'], LONG),
  lineOffered: family(['line'], [`${stem(CATALOGUE.lineCalls)}_offered`, 'increase'], ['1h']),
  lineMissedShare: family(['line'], [`${stem(CATALOGUE.lineCalls)}_missed`, 'ratio'], ['1h']),
  // Toll calls
  tollAttempts: family([], [stem(CATALOGUE.tollAttempts), 'increase'], ['10m']),
  tollAttemptsMost: family([], [stem(CATALOGUE.tollAttempts), 'max'], ['28d']),
  tollAttemptsUsual: family([], [`${stem(CATALOGUE.tollAttempts)}_usual`, 'sum'], ['2h']),
  tollActiveMost: family([], [CATALOGUE.tollPeakActive.name, 'max'], ['28d']),
  tollSequentialMost: family([], [CATALOGUE.tollPeakSequential.name, 'max'], ['28d']),
  tollPremiumMost: family([], [CATALOGUE.tollPeakTalk.name.replace('talk', 'premium'), 'max'], ['28d']),
  // Queues
  queueCalls: family(['queue'], [stem(CATALOGUE.queueCalls), 'increase'], LONG),
  queueAbandonedCalls: family(['queue'], [`${stem(CATALOGUE.queueCalls)}_abandoned`, 'increase'], LONG),
  queueAnsweredCalls: family(['queue'], [`${stem(CATALOGUE.queueCalls)}_answered`, 'increase'], ['30m']),
  queueAbandoned: family(['queue'], ['asterisk_queue_abandoned', 'ratio'], LONG),
  serviceLevels: family(['queue', 'le'], ['asterisk_queue_service_level', 'ratio'], LONG),
  serviceLevel: family(['queue'], ['asterisk_queue_service_level', 'ratio'], LONG),
  speedOfAnswer: family(['queue'], [`${CATALOGUE.queueWait.name}_answered`, 'mean'], LONG),
  // Staffing
  agentsStaffed: family(['queue'], [`${CATALOGUE.queueAgents.name}_staffed`, 'sum'], NOW),
  agentsFreeShare: family(['queue'], [`${CATALOGUE.queueAgents.name}_free`, 'ratio'], NOW),
  agentsStaffedMean: family(['queue'], [`${CATALOGUE.queueAgents.name}_staffed`, 'mean'], LONG),
  agentsBusyMean: family(['queue'], [`${CATALOGUE.queueAgents.name}_busy`, 'mean'], LONG),
  queueOccupancy: family(['queue'], ['asterisk_queue_occupancy', 'ratio'], LONG),
  agentsLately: family(['queue'], [`${CATALOGUE.queueAgents.name}_staffed`, 'max'], ['20m']),
  agentsUsual: family(['queue'], [`${CATALOGUE.queueAgents.name}_usual`, 'min'], ['2h']),
  operatorStaffed: family(['operator'], ['asterisk_operator_staffed_seconds', 'increase'], ['1h']),
  operatorBusy: family(['operator'], ['asterisk_operator_busy_seconds', 'increase'], ['1h']),
  operatorOccupancy: family(['operator'], ['asterisk_operator_occupancy', 'ratio'], ['1h']),
  // Voice
  ratedStreams: family(['role', 'side'], [CATALOGUE.legMos.name, 'increase'], LONG),
  lowStreams: family(['role', 'side'], [`${CATALOGUE.legMos.name}_low`, 'increase'], LONG),
  lowShareBySide: family(['role', 'side'], [`${CATALOGUE.legMos.name}_low`, 'ratio'], LONG),
  lowShare: family([], [`${CATALOGUE.legMos.name}_low`, 'ratio'], LONG),
  withoutMedia: family([], [stem(CATALOGUE.legsWithoutMedia), 'increase'], LONG),
  legsOneWay: family(['trunk'], ['asterisk_legs_one_way', 'increase'], ['15m']),
  legsOneWayShare: family(['trunk'], ['asterisk_legs_one_way', 'ratio'], ['15m']),
  legsImpaired: family(['trunk'], ['asterisk_legs_impaired', 'increase'], ['15m']),
  legsImpairedShare: family(['trunk'], ['asterisk_legs_impaired', 'ratio'], ['15m']),
  trunkConversations: family(['trunk'], ['asterisk_trunk_conversations', 'sum'], ['15m']),
  // Sites
  sites: { name: 'cluster:asterisk_exporters:sum', windows: NOW, labels: [] },
  exporters: family([], ['asterisk_exporters', 'sum'], NOW),
  // Endpoints, and the exporter itself
  seen: family([], [CATALOGUE.up.name.replace(/_up$/, '_seen'), 'min'], LONG),
  endpointsOffline: family(['role'], [`${CATALOGUE.endpoints.name}_offline`, 'ratio'], NOW),
  eventLag: family([], [CATALOGUE.eventLag.name, 'p95_'], ['5m']),
  events: family([], [stem(CATALOGUE.events), 'increase'], ['15m']),
  disconnectedShare: family([], [stem(CATALOGUE.disconnectedSeconds).replace(/_seconds$/, ''), 'ratio'], ['1h']),
} as const satisfies Readonly<Record<string, Recording>>

/** Selector of a recorded series over one window, or over the window in a variable of the board. */
export function recorded<Labels extends string>(
  { name }: Recording & { readonly labels: readonly Labels[] },
  window: string | Variable,
  filters: { readonly [Label in Labels]?: LabelFilter<string> } = {},
): string {
  return selector(`${name}${window}`, filters)
}

/** All recorded names. */
export function recordedNames(): readonly string[] {
  return Object.values(RECORDINGS).flatMap(({ name, windows }) => windows.map((window) => `${name}${window}`))
}

// The level consists of the labels, with `instance` first unless there is a queue, a trunk, an operator or a line.
function family<const Labels extends readonly string[]>(
  labels: Labels,
  [metric, operation]: readonly [string, string],
  windows: readonly string[],
): { readonly name: string; readonly windows: readonly string[]; readonly labels: Labels } {
  const ofParty = ['queue', 'trunk', 'operator', 'line'].some((party) => labels.includes(party))
  const level = [...(ofParty ? [] : ['instance']), ...labels].join('_')
  return { name: `${level}:${metric}:${operation}`, windows, labels }
}

// The name of a counter without `_total`.
function stem({ name }: { readonly name: string }): string {
  return name.replace(/_total$/, '')
}
