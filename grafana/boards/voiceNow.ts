// How the voice is: the figures at the top of the board "Voice quality", a part of it.
//
// Shares and percentiles of five streams or more; of what nobody measured, nothing.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsBehind } from '../addresses.ts'
import { counted, fromEnough } from '../known.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOf, increase, quantile, ratio, sum, upTo } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant } from '../targets.ts'
import { MOS_LOW, MOS_LOW_SHARE, NO_MEDIA_COUNT } from '../thresholds.ts'

const CHOSEN_ROLE = { role: '$role' } as const
const CHOSEN_STREAM = { role: '$role', side: '$side' } as const
const LOW = higherIsWorse({ warning: MOS_LOW_SHARE / 2, critical: MOS_LOW_SHARE })

/** Lately, for each PBX. */
export function lowNow() {
  return stat(
    {
      title: `Bad streams, \${window}`,
      description: `Share of the rated voice streams with a score (MOS) of ${MOS_LOW} or less, over the chosen window, for each PBX.`,
      unit: 'percentunit',
      decimals: 1,
      steps: LOW,
    },
    instant(lowOfPbx(), '{{instance}}'),
  )
}

/** The share of bad streams of each PBX, where enough were rated. */
export function lowOfPbx(): string {
  const rated = sum(recorded(RECORDINGS.ratedStreams, '$window'), ['job', 'instance'])
  return fromEnough(recorded(RECORDINGS.lowShare, '$window'), rated)
}

/** Of the chosen legs and ways. */
export function lowOfSpan() {
  const rated = sum(increase(countOf(CATALOGUE.legMos, CHOSEN_STREAM), '$__range'))
  return stat(
    {
      title: 'Bad streams, span',
      description: `Share of the rated voice streams of the chosen legs and ways with a score (MOS) of ${MOS_LOW} or less, in the span.`,
      unit: 'percentunit',
      decimals: 1,
      steps: LOW,
    },
    instant(
      fromEnough(ratio(sum(increase(upTo(CATALOGUE.legMos, MOS_LOW, CHOSEN_STREAM), '$__range')), rated), rated),
      'bad',
    ),
  )
}

/** What 19 of 20 streams stayed below. */
export function typicalLoss() {
  return stat(
    {
      title: 'Packet loss, p95',
      description: 'Packet loss that 19 of 20 voice streams of the span stayed below.',
      unit: 'percentunit',
      decimals: 1,
      steps: higherIsWorse({ warning: 0.01, critical: 0.03 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legLoss, CHOSEN_STREAM), window: '$__range' }), 'loss'),
  )
}

/** What 19 of 20 streams stayed below. */
export function typicalJitter() {
  return stat(
    {
      title: 'Jitter, p95',
      description: 'Jitter that 19 of 20 voice streams of the span stayed below.',
      unit: 's',
      steps: higherIsWorse({ warning: 0.03, critical: 0.05 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legJitter, CHOSEN_STREAM), window: '$__range' }), 'jitter'),
  )
}

/** What 19 of 20 legs stayed below. */
export function typicalRoundTrip() {
  return stat(
    {
      title: 'Round trip, p95',
      description: 'Round-trip time that 19 of 20 legs of the span stayed below.',
      unit: 's',
      steps: higherIsWorse({ warning: 0.2, critical: 0.3 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, CHOSEN_ROLE), window: '$__range' }), 'round trip'),
  )
}

/** Conversations in which one side heard nothing. */
export function noMedia() {
  return stat(
    {
      title: `No voice, \${window}`,
      description:
        'Voice streams without one packet in a conversation of ten seconds or more, within the chosen window.',
      unit: 'short',
      steps: higherIsWorse({ warning: 1, critical: NO_MEDIA_COUNT }),
      click: { title: 'Call log: calls of the span', url: callsBehind() },
    },
    instant(counted(`round(${sum(recorded(RECORDINGS.withoutMedia, '$window'))})`), 'streams'),
  )
}
