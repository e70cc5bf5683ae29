// Expected routes of prometheus/alertmanager.yml, for `amtool config routes test` and the tests here.
//
// amtool ignores time intervals: an alert with opening hours matches both of its routes. Rows have only the labels that decide.

/** Labels of an alert, and the receivers of its routes, in that order. */
export interface RouteRow {
  readonly labels: Readonly<Record<string, string>>
  readonly receivers: readonly string[]
}

export const ROUTES: readonly RouteRow[] = [
  { labels: { alertname: 'AsteriskUnreachable', severity: 'critical' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskSiteAbsent', severity: 'critical' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskPbxAbsent', severity: 'critical' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskTrunkDown', severity: 'critical', fault: 'trunk' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskTrunkFull', severity: 'critical', fault: 'trunk' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskTrunkNotRegistered', severity: 'critical' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskTrunkNearlyFull', severity: 'warning', fault: 'trunk' }, receivers: ['noc'] },
  {
    labels: { alertname: 'AsteriskMissedCallsMany', severity: 'critical', hours: 'office' },
    receivers: ['page', 'quiet'],
  },
  { labels: { alertname: 'AsteriskQueueWaitLong', severity: 'warning', hours: 'office' }, receivers: ['noc', 'quiet'] },
  {
    labels: { alertname: 'AsteriskQueueUnstaffed', severity: 'critical', hours: 'office' },
    receivers: ['page', 'quiet'],
  },
  {
    labels: { alertname: 'AsteriskQueueNoFreeAgent', severity: 'warning', hours: 'office' },
    receivers: ['noc', 'quiet'],
  },
  {
    labels: { alertname: 'AsteriskQueueAllPaused', severity: 'warning', hours: 'office' },
    receivers: ['noc', 'quiet'],
  },
  { labels: { alertname: 'AsteriskCallbackLate', severity: 'warning', hours: 'office' }, receivers: ['noc', 'quiet'] },
  {
    labels: { alertname: 'AsteriskCallbacksManyLate', severity: 'critical', hours: 'office' },
    receivers: ['page', 'quiet'],
  },
  { labels: { alertname: 'AsteriskCallbacksFewer', severity: 'info', hours: 'office' }, receivers: ['quiet'] },
  { labels: { alertname: 'AsteriskFraudManyAtOnce', severity: 'critical', fault: 'fraud' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskFraudOutOfHours', severity: 'critical', hours: 'closed' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskFraudPremium', severity: 'warning', hours: 'office' }, receivers: ['noc', 'quiet'] },
  { labels: { alertname: 'AsteriskFraudFirstCountry', severity: 'info' }, receivers: ['quiet'] },
  { labels: { alertname: 'AsteriskEmergencyCall', severity: 'info' }, receivers: ['quiet'] },
  { labels: { alertname: 'AsteriskOutboxLate', severity: 'warning', fault: 'outbox' }, receivers: ['noc'] },
  {
    labels: { alertname: 'AsteriskOutboxStuck', severity: 'critical', hours: 'office', fault: 'outbox' },
    receivers: ['page', 'quiet'],
  },
  { labels: { alertname: 'AsteriskCallLogCopied', severity: 'critical', fault: 'outbox' }, receivers: ['page'] },
  { labels: { alertname: 'AsteriskCallStuck', severity: 'warning' }, receivers: ['noc'] },
  { labels: { alertname: 'AsteriskFleetDown', severity: 'warning' }, receivers: ['noc'] },
  { labels: { alertname: 'AsteriskFleetCentralDown', severity: 'warning' }, receivers: ['noc'] },
  { labels: { alertname: 'AsteriskFleetNodesUnreachable', severity: 'warning' }, receivers: ['noc'] },
  { labels: { alertname: 'AsteriskFleetPartitionsEnd', severity: 'warning' }, receivers: ['noc'] },
  { labels: { alertname: 'AsteriskRestarted', severity: 'info' }, receivers: ['quiet'] },
  { labels: { alertname: 'AsteriskMissedCallsInternal', severity: 'info', hours: 'office' }, receivers: ['quiet'] },
  { labels: { alertname: 'SomebodyElses' }, receivers: ['noc'] },
  { labels: { alertname: 'SomebodyElses', severity: 'unknown', hours: 'office' }, receivers: ['noc'] },
]

/** The receivers of office alerts within and outside opening hours. */
export const OFFICE_ROUTES: readonly { readonly severity: string; readonly open: string; readonly closed: string }[] = [
  { severity: 'critical', open: 'page', closed: 'quiet' },
  { severity: 'warning', open: 'noc', closed: 'quiet' },
  { severity: 'info', open: 'quiet', closed: 'quiet' },
]

/** Whether `source` inhibits `target`, of one PBX. */
export interface InhibitionRow {
  readonly source: string
  readonly target: string
  readonly kept: boolean
  readonly sourceLabels?: Readonly<Record<string, string>>
  readonly targetLabels?: Readonly<Record<string, string>>
}

const inhibited = (source: string, ...targets: readonly string[]): InhibitionRow[] =>
  targets.map((target) => ({ source, target, kept: true }))
const delivered = (source: string, ...targets: readonly string[]): InhibitionRow[] =>
  targets.map((target) => ({ source, target, kept: false }))

const NORTH = { cluster: 'north' } as const
const BETWEEN_SITES = { sourceLabels: NORTH, targetLabels: { cluster: 'south' } } as const

export const INHIBITIONS: readonly InhibitionRow[] = [
  ...inhibited('AsteriskExporterDown', 'AsteriskUnreachable', 'AsteriskMissedCallsMany', 'AsteriskCallLogNotWriting'),
  ...inhibited('AsteriskExporterAbsent', 'AsteriskExporterDown', 'AsteriskUnreachable', 'AsteriskMissedCallsMany'),
  ...inhibited('AsteriskUnreachable', 'AsteriskMissedCallsMany', 'AsteriskTrunkDown', 'AsteriskNoCalls'),
  ...delivered('AsteriskUnreachable', 'AsteriskExporterDown', 'AsteriskExporterAbsent'),
  ...delivered('AsteriskExporterDown', 'AsteriskExporterAbsent'),
  { source: 'AsteriskUnreachable', target: 'AsteriskTrunkDown', targetLabels: { instance: 'other:9745' }, kept: false },
  { source: 'AsteriskExporterDown', target: 'AsteriskTrunkDown', targetLabels: { job: 'other' }, kept: false },
  // Another site, with an instance of the same name.
  ...['AsteriskUnreachable', 'AsteriskExporterDown', 'AsteriskExporterAbsent'].flatMap((source) => [
    { source, target: 'AsteriskNoCalls', ...BETWEEN_SITES, kept: false },
    { source, target: 'AsteriskNoCalls', sourceLabels: NORTH, targetLabels: NORTH, kept: true },
  ]),
  { source: 'AsteriskTrunkFull', target: 'AsteriskTrunkNearlyFull', ...BETWEEN_SITES, kept: false },
  { source: 'AsteriskSiteAbsent', target: 'AsteriskNoCalls', ...BETWEEN_SITES, kept: false },
  { source: 'AsteriskSiteAbsent', target: 'AsteriskNoCalls', sourceLabels: NORTH, targetLabels: NORTH, kept: true },
  { source: 'AsteriskSiteAbsent', target: 'AsteriskPbxAbsent', sourceLabels: NORTH, targetLabels: NORTH, kept: true },
  { source: 'AsteriskSiteAbsent', target: 'AsteriskPbxAbsent', ...BETWEEN_SITES, kept: false },
  { source: 'AsteriskPbxAbsent', target: 'AsteriskMissedCallsMany', kept: true },
  { source: 'AsteriskPbxAbsent', target: 'AsteriskNoCalls', targetLabels: { instance: 'other:9745' }, kept: false },
  ...delivered('AsteriskPbxAbsent', 'AsteriskSiteAbsent', 'AsteriskExporterAbsent'),
  ...delivered('AsteriskExporterDown', 'AsteriskPbxAbsent'),
  ...delivered('AsteriskUnreachable', 'AsteriskPbxAbsent'),
  // No site sends anything.
  ...['AsteriskSiteAbsent', 'AsteriskPbxAbsent'].flatMap((target) => [
    { source: 'AsteriskExporterAbsent', target, targetLabels: NORTH, kept: true },
    { source: 'AsteriskExporterAbsent', target, targetLabels: { ...NORTH, job: 'other' }, kept: false },
    // A site that evaluates the rules itself.
    { source: 'AsteriskExporterAbsent', target, ...BETWEEN_SITES, kept: false },
  ]),
  {
    source: 'AsteriskTrunkFull',
    target: 'AsteriskTrunkNearlyFull',
    sourceLabels: NORTH,
    targetLabels: NORTH,
    kept: true,
  },

  ...inhibited('AsteriskMissedCallsMany', 'AsteriskMissedCallsPersist', 'AsteriskNobodyAnswers'),
  ...inhibited('AsteriskMissedCallsMany', 'AsteriskMissedCallsInternal', 'AsteriskQueueAbandoned'),
  ...inhibited('AsteriskNobodyAnswers', 'AsteriskMissedCallsPersist', 'AsteriskQueueAbandoned'),
  ...delivered('AsteriskNobodyAnswers', 'AsteriskMissedCallsMany', 'AsteriskTrunkDown'),
  ...delivered('AsteriskMissedCallsPersist', 'AsteriskMissedCallsMany', 'AsteriskNobodyAnswers'),
  ...delivered('AsteriskMissedCallsMany', 'AsteriskTrunkDown', 'AsteriskQueueUnserved', 'AsteriskVoiceQualityPoor'),

  ...inhibited('AsteriskCallbacksManyLate', 'AsteriskCallbackLate', 'AsteriskCallbacksFewer'),
  ...inhibited('AsteriskUnreachable', 'AsteriskCallbackLate', 'AsteriskCallbacksManyLate'),
  ...delivered('AsteriskCallbackLate', 'AsteriskCallbacksManyLate', 'AsteriskCallbacksFewer'),
  ...delivered('AsteriskMissedCallsMany', 'AsteriskCallbackLate', 'AsteriskCallbacksManyLate'),

  ...inhibited('AsteriskNoCalls', 'AsteriskEventsSilent', 'AsteriskTrunkSilent'),
  ...inhibited('AsteriskTrunkDown', 'AsteriskTrunkSilent', 'AsteriskTrunkRefusing'),
  ...inhibited('AsteriskTrunkFull', 'AsteriskTrunkNearlyFull', 'AsteriskTrunkRefusing'),
  { source: 'AsteriskTrunkFull', target: 'AsteriskTrunkNearlyFull', targetLabels: { trunk: 'carrier-b' }, kept: false },
  ...inhibited('AsteriskUnreachable', 'AsteriskTrunkFull', 'AsteriskTrunkNearlyFull', 'AsteriskTrunkNotRegistered'),
  ...delivered('AsteriskTrunkNearlyFull', 'AsteriskTrunkFull', 'AsteriskTrunkNotRegistered'),
  ...delivered('AsteriskTrunkDown', 'AsteriskTrunkNotRegistered', 'AsteriskTrunkFull'),
  { source: 'AsteriskTrunkDown', target: 'AsteriskTrunkSilent', targetLabels: { trunk: 'carrier-b' }, kept: false },
  ...inhibited('AsteriskQueueUnserved', 'AsteriskQueueWaitLong', 'AsteriskQueueAbandoned'),
  { source: 'AsteriskQueueUnserved', target: 'AsteriskQueueWaitLong', targetLabels: { queue: 'night' }, kept: false },
  ...inhibited('AsteriskQueueUnstaffed', 'AsteriskQueueWaitLong', 'AsteriskQueueNoFreeAgent', 'AsteriskQueueAllPaused'),
  ...inhibited('AsteriskQueueUnserved', 'AsteriskQueueNoFreeAgent', 'AsteriskQueueAllPaused'),
  ...inhibited('AsteriskQueueAllPaused', 'AsteriskQueueNoFreeAgent'),
  ...inhibited('AsteriskUnreachable', 'AsteriskQueueUnstaffed', 'AsteriskQueueNoFreeAgent', 'AsteriskQueueAllPaused'),
  { source: 'AsteriskQueueUnstaffed', target: 'AsteriskQueueAllPaused', targetLabels: { queue: 'night' }, kept: false },
  {
    source: 'AsteriskQueueAllPaused',
    target: 'AsteriskQueueNoFreeAgent',
    targetLabels: { queue: 'night' },
    kept: false,
  },
  ...delivered('AsteriskQueueAllPaused', 'AsteriskQueueUnstaffed', 'AsteriskQueueUnserved', 'AsteriskQueueWaitLong'),
  ...delivered('AsteriskMissedCallsMany', 'AsteriskQueueUnstaffed', 'AsteriskQueueNoFreeAgent'),
  ...inhibited(
    'AsteriskFraudManyAtOnce',
    'AsteriskFraudOutOfHours',
    'AsteriskFraudPremium',
    'AsteriskFraudFirstCountry',
  ),
  ...inhibited('AsteriskFraudBurst', 'AsteriskFraudOutOfHours', 'AsteriskFraudPremium', 'AsteriskFraudFirstCountry'),
  ...inhibited('AsteriskFraudSequential', 'AsteriskFraudOutOfHours', 'AsteriskFraudPremium'),
  ...inhibited('AsteriskUnreachable', 'AsteriskFraudManyAtOnce', 'AsteriskFraudOutOfHours'),
  // It fires in opening hours too, and is not sent then.
  ...delivered(
    'AsteriskFraudOutOfHours',
    'AsteriskFraudManyAtOnce',
    'AsteriskFraudPremium',
    'AsteriskFraudFirstCountry',
  ),
  ...delivered('AsteriskFraudManyAtOnce', 'AsteriskTrunkDown', 'AsteriskMissedCallsMany'),
  ...inhibited('AsteriskCallLogNotWriting', 'AsteriskCallLogWriteErrors'),
  ...inhibited('AsteriskOutboxStuck', 'AsteriskOutboxLate', 'AsteriskOutboxRefused'),
  ...inhibited('AsteriskCallLogCopied', 'AsteriskOutboxLate', 'AsteriskOutboxStuck'),
  ...delivered('AsteriskOutboxStuck', 'AsteriskCallLogCopied', 'AsteriskOutboxDropped'),
  { source: 'AsteriskOutboxStuck', target: 'AsteriskOutboxLate', targetLabels: { sink: 'webhook' }, kept: false },
  { source: 'AsteriskCallLogCopied', target: 'AsteriskOutboxStuck', targetLabels: { sink: 'webhook' }, kept: false },
  ...delivered(
    'AsteriskCallLogNotWriting',
    'AsteriskCallLogCallsLost',
    'AsteriskCallLogWalGrows',
    'AsteriskLogLinesDropped',
  ),
]
