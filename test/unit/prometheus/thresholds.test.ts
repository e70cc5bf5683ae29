// The numbers in prometheus/rules/alerts.yml equal those of grafana/thresholds.ts.
//
// A rules file cannot import, so this file lists the constants of each alert, in the order of its expression.

import { expect, test } from 'vitest'
import * as thresholds from '../../../grafana/thresholds.ts'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { alertingRules, recordingRules, shippedRules } from '../../system/noc/shippedRules.ts'

/** Alert -> the numbers of its comparisons, without 0 and 1 for no and yes. */
const COMPARED: Readonly<Record<string, readonly number[]>> = {
  AsteriskConnectionGaps: [thresholds.CONNECTION_GAPS_SECONDS],
  AsteriskSessionFlapping: [thresholds.SESSION_LOSSES_COUNT],
  AsteriskEventsSilent: [thresholds.EVENTS_EXPECTED_COUNT],
  AsteriskCallsEndedUnobserved: [thresholds.ENDED_UNOBSERVED_COUNT],
  AsteriskMissedCallsMany: [thresholds.MISSED_FAST_SHARE, thresholds.MISSED_FAST_COUNT],
  AsteriskMissedCallsPersist: [
    thresholds.MISSED_SLOW_SHARE,
    thresholds.MISSED_SLOW_COUNT,
    thresholds.MISSED_RECENT_COUNT,
    thresholds.MISSED_FAST_SHARE,
  ],
  AsteriskNobodyAnswers: [thresholds.MISSED_NONE_ANSWERED_COUNT, thresholds.MISSED_RECENT_COUNT],
  AsteriskMissedCallsInternal: [thresholds.MISSED_FAST_SHARE, thresholds.MISSED_FAST_COUNT],
  AsteriskCallbackLate: [thresholds.CALLBACK_LATE_SECONDS],
  AsteriskCallbacksManyLate: [thresholds.CALLBACKS_LATE_COUNT],
  AsteriskCallbacksFewer: [thresholds.CALLBACKS_FEWER_RATIO, thresholds.CALLBACKS_FEWER_COUNT],
  AsteriskNoCalls: [thresholds.CALLS_EXPECTED_COUNT, thresholds.CALLS_EXPECTED_COUNT],
  AsteriskCallStuck: [thresholds.CALL_STUCK_SECONDS],
  AsteriskTrunkSilent: [thresholds.TRUNK_EXPECTED_COUNT, thresholds.TRUNK_EXPECTED_COUNT],
  AsteriskTrunkRefusing: [thresholds.TRUNK_NER_SHARE, thresholds.TRUNK_NER_COUNT],
  AsteriskTrunkNearlyFull: [thresholds.TRUNK_NEARLY_FULL_SHARE],
  AsteriskTrunkFull: [thresholds.TRUNK_FULL_SHARE, thresholds.TRUNK_REFUSED_COUNT],
  AsteriskTrunkNotRegistered: [thresholds.REGISTERED],
  AsteriskFraudManyAtOnce: [thresholds.FRAUD_AT_ONCE_COUNT, thresholds.FRAUD_PHONE_RATIO],
  AsteriskFraudBurst: [thresholds.FRAUD_BURST_COUNT, thresholds.FRAUD_BURST_RATIO],
  AsteriskFraudSequential: [thresholds.FRAUD_SEQUENTIAL_COUNT, thresholds.FRAUD_PHONE_RATIO],
  AsteriskFraudPremium: [thresholds.FRAUD_PREMIUM_SECONDS, thresholds.FRAUD_PHONE_RATIO],
  AsteriskFraudOutOfHours: [
    thresholds.FRAUD_CLOSED_COUNT,
    thresholds.FRAUD_PREMIUM_SECONDS,
    thresholds.FRAUD_CLOSED_COUNTRY_SECONDS,
    thresholds.FRAUD_COUNTRIES_KNOWN_SECONDS,
  ],
  AsteriskFraudFirstCountry: [thresholds.FRAUD_COUNTRY_SECONDS, thresholds.FRAUD_COUNTRIES_KNOWN_SECONDS],
  AsteriskPhonesOffline: [thresholds.PHONES_OFFLINE_SHARE, thresholds.PHONES_OFFLINE_COUNT],
  AsteriskQueueWaitLong: [thresholds.QUEUE_WAIT_LONG_SECONDS],
  AsteriskQueueUnserved: [thresholds.QUEUE_WAIT_VERY_LONG_SECONDS],
  AsteriskQueueAbandoned: [thresholds.QUEUE_ABANDONED_SHARE, thresholds.QUEUE_ABANDONED_COUNT],
  AsteriskVoiceQualityPoor: [thresholds.MOS_LOW_SHARE, thresholds.MOS_LOW_COUNT],
  AsteriskNoMedia: [thresholds.NO_MEDIA_COUNT],
  AsteriskTrunkOneWayAudio: [thresholds.TRUNK_ONE_WAY_COUNT, thresholds.TRUNK_ONE_WAY_SHARE],
  AsteriskTrunkVoicePoor: [thresholds.TRUNK_VOICE_SHARE, thresholds.TRUNK_VOICE_COUNT],
  AsteriskCallLogWriteErrors: [thresholds.WRITE_ERRORS_COUNT],
  AsteriskCallLogWalGrows: [thresholds.WAL_BYTES],
  AsteriskOutboxLate: [thresholds.OUTBOX_LATE_SECONDS],
  AsteriskOutboxStuck: [thresholds.OUTBOX_STUCK_SECONDS],
  AsteriskFleetPartitionsEnd: [thresholds.PARTITION_DAYS],
  AsteriskStasisWait: [thresholds.STASIS_WAIT_SECONDS],
  AsteriskEventLagHigh: [thresholds.EVENT_LAG_SECONDS],
  AsteriskExporterBehind: [thresholds.BEHIND_SECONDS],
  AsteriskMalformedFrames: [thresholds.MALFORMED_FRAMES_COUNT],
  AsteriskEventLoopSlow: [thresholds.EVENT_LOOP_DELAY_SECONDS],
}

/** `== 0`, `== 1` and `> 0`. */
const YES_OR_NO = /(==\s*[01]|>\s*0)(?![\d.])/g

/** The numbers of the comparisons in an expression. */
function comparedIn(expr: string): readonly number[] {
  return [...expr.replaceAll(YES_OR_NO, '').matchAll(/(?:[<>]=?|[!=]=)\s*(?:bool\s+)?(\d+(?:\.\d+)?)/g)].map(
    ([, number]) => Number(number),
  )
}

const alerts = alertingRules(shippedRules('alerts.yml'))

test.each(alerts)('$alert', ({ alert, expr }) => {
  expect(comparedIn(expr)).toEqual(COMPARED[alert] ?? [])
})

test('the table has only existing alerts, and every constant is used', () => {
  expect(Object.keys(COMPARED).filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([])
  const used = new Set(Object.values(COMPARED).flat())
  const { MOS_LOW, SERVICE_LEVEL_SECONDS, SERVICE_LEVEL_SHARE, CALLED_BACK_WITHIN, ...compared } = thresholds
  expect(Object.values(compared).filter((value) => !used.has(value))).toEqual([])
})

test('bounds in recording rules are bounds of the histograms', () => {
  const exprs = recordingRules(shippedRules('recording.yml')).map(({ expr }) => expr)
  const bounds = (metric: string) =>
    exprs.flatMap((expr) =>
      [...expr.matchAll(new RegExp(`${metric}\\S*\\{[^}]*le=~?"([\\d.]+)`, 'g'))].map(([, le]) => Number(le)),
    )
  expect(new Set(bounds('asterisk_leg_mos'))).toEqual(new Set([thresholds.MOS_LOW]))
  expect(new Set(bounds('queue_le:asterisk_queue_service_level'))).toEqual(new Set([thresholds.SERVICE_LEVEL_SECONDS]))
  expect(new Set(bounds('asterisk_missed_caller_wait_seconds'))).toEqual(new Set([thresholds.CALLED_BACK_WITHIN.day]))
  expect(CATALOGUE.missedCallerWait.buckets).toEqual(
    expect.arrayContaining(Object.values(thresholds.CALLED_BACK_WITHIN)),
  )
  expect(CATALOGUE.legMos.buckets).toContain(thresholds.MOS_LOW)
  expect(CATALOGUE.queueWait.buckets).toContain(thresholds.SERVICE_LEVEL_SECONDS)
})

test('finds the numbers of an expression', () => {
  expect(comparedIn('a > 0.5 and round(b) >= 4 or c == 0 unless d > 0')).toEqual([0.5, 4])
  expect(comparedIn('x{a="1"}[30m] offset 1w <10')).toEqual([10])
  expect(comparedIn('a == 10 and b > 0.2 and c == bool 7')).toEqual([10, 0.2, 7])
})
