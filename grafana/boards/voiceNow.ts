// The current values at the top of the board "Voice quality".
//
// Shares and percentiles need five streams or more, and no value is shown if nothing was measured.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsBehind } from '../addresses.ts'
import { counted, fromEnough, ofScraped } from '../known.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOf, few, increase, quantile, share, sum, upTo } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant } from '../targets.ts'
import { MOS_LOW, MOS_LOW_SHARE, NO_MEDIA_COUNT } from '../thresholds.ts'

const SELECTED_ROLE = { role: '$role' } as const
const SELECTED_STREAM = { role: '$role', side: '$side' } as const
const LOW = higherIsWorse({ warning: MOS_LOW_SHARE / 2, critical: MOS_LOW_SHARE })

/** The share of bad streams over the selected window, by PBX. */
export function lowNow() {
  return stat(
    {
      title: `Bad streams, \${window}`,
      description: `Share of the rated voice streams with a score (MOS) of ${MOS_LOW} or less, over the selected window, by PBX; of many PBXs the three with the most.`,
      unit: 'percentunit',
      rows: true,
      decimals: 1,
      steps: LOW,
    },
    instant(few('highest', ofScraped(lowOfPbx())), '{{instance}}'),
  )
}

/** The share of bad streams of each PBX, if enough streams have a score. */
export function lowOfPbx(): string {
  const rated = sum(recorded(RECORDINGS.ratedStreams, '$window'), ['job', 'instance'])
  return fromEnough(recorded(RECORDINGS.lowShare, '$window'), rated)
}

/** The share of bad streams over the time range, of the selected legs and directions. */
export function lowOfRange() {
  const rated = sum(increase(countOf(CATALOGUE.legMos, SELECTED_STREAM), '$__range'))
  return stat(
    {
      title: 'Bad streams, total',
      description: `Share of the rated voice streams of the selected legs and directions with a score (MOS) of ${MOS_LOW} or less, within the time range.`,
      unit: 'percentunit',
      decimals: 1,
      steps: LOW,
    },
    instant(
      fromEnough(share(sum(increase(upTo(CATALOGUE.legMos, MOS_LOW, SELECTED_STREAM), '$__range')), rated), rated),
      'bad',
    ),
  )
}

/** 95th percentile of packet loss. */
export function typicalLoss() {
  return stat(
    {
      title: 'Packet loss, p95',
      description: '19 of 20 voice streams within the time range had a lower packet loss.',
      unit: 'percentunit',
      decimals: 1,
      steps: higherIsWorse({ warning: 0.01, critical: 0.03 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legLoss, SELECTED_STREAM), window: '$__range' }), 'loss'),
  )
}

/** 95th percentile of jitter. */
export function typicalJitter() {
  return stat(
    {
      title: 'Jitter, p95',
      description: '19 of 20 voice streams within the time range had a lower jitter.',
      unit: 's',
      steps: higherIsWorse({ warning: 0.03, critical: 0.05 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legJitter, SELECTED_STREAM), window: '$__range' }), 'jitter'),
  )
}

/** 95th percentile of the round-trip time. */
export function typicalRoundTrip() {
  return stat(
    {
      title: 'Round trip, p95',
      description: '19 of 20 legs within the time range had a shorter round trip.',
      unit: 's',
      steps: higherIsWorse({ warning: 0.2, critical: 0.3 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, SELECTED_ROLE), window: '$__range' }), 'round trip'),
  )
}

/** Streams without a packet. */
export function noMedia() {
  return stat(
    {
      title: `No audio, \${window}`,
      description: 'Voice streams without a packet in conversations of ten seconds or more, over the selected window.',
      unit: 'short',
      steps: higherIsWorse({ warning: 1, critical: NO_MEDIA_COUNT }),
      click: { title: 'Call log: calls of the time range', url: callsBehind() },
    },
    instant(counted(`round(${sum(recorded(RECORDINGS.withoutMedia, '$window'))})`), 'streams'),
  )
}
