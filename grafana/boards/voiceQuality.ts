// Voice quality: how many voice streams were bad, and whether by loss, jitter or distance.
//
// From what Asterisk tells at hang-up. `rx` is what it received from the phone, `tx` what the phone says that it received.
// Legs of which nothing was told are shown too, for they are in none of the other figures.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { STREAM_SIDES, VOICE_ROLES } from '../../src/metrics/labelLists.ts'
import { BOARDS } from '../addresses.ts'
import { dashboard } from '../dashboard.ts'
import { even } from '../layout.ts'
import { risingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOf, countOverRange, increase, quantile, ratio, series, sum, upTo } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { MOS_LOW, MOS_LOW_SHARE, NO_MEDIA_COUNT } from '../thresholds.ts'
import { listVariable } from '../variables.ts'
import { windowVariable } from './words.ts'

const CHOSEN_ROLE = { role: '$role' } as const
const CHOSEN_STREAM = { role: '$role', side: '$side' } as const
const LOW = risingBad({ warning: MOS_LOW_SHARE / 2, critical: MOS_LOW_SHARE })
const PER_SIDE = '{{role}} {{side}}'

/** The board. */
export function voiceQuality(): Dashboard {
  return dashboard({
    uid: BOARDS.voiceQuality,
    title: 'Asterisk / Voice quality',
    description: 'How many voice streams were bad, by loss, jitter and round trip, and the legs without any media.',
    from: 'now-24h',
    variables: [
      listVariable({ name: 'role', label: 'Leg', description: 'The caller’s leg, or the called ones.' }, VOICE_ROLES),
      listVariable(
        {
          name: 'side',
          label: 'Side',
          description: 'rx: what Asterisk received; tx: what the phone says it received.',
        },
        STREAM_SIDES,
      ),
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          even(4, lowNow(), lowOfSpan(), typicalLoss(), typicalJitter(), typicalRoundTrip(), noMedia()),
          even(8, lowShare(), lowBySide()),
          even(8, scores(), spread()),
          even(8, loss(), jitter()),
          even(8, roundTrip(), withoutMedia()),
          even(8, covered(), told()),
        ],
      },
    ],
  })
}

function lowNow() {
  return stat(
    {
      title: `MOS ${MOS_LOW} or less`,
      description:
        'Share of the rated voice streams that were bad, over the chosen window, all legs and sides, for each PBX.',
      unit: 'percentunit',
      decimals: 1,
      steps: LOW,
    },
    instant(recorded(RECORDINGS.lowShare, '$window'), '{{instance}}'),
  )
}

function lowOfSpan() {
  return stat(
    {
      title: 'The same of the span',
      description:
        'Share of the rated voice streams of the chosen legs and sides that were bad, in the span that is looked at.',
      unit: 'percentunit',
      decimals: 1,
      steps: LOW,
    },
    instant(
      ratio(
        sum(increase(upTo(CATALOGUE.legMos, MOS_LOW, CHOSEN_STREAM), '$__range')),
        sum(increase(countOf(CATALOGUE.legMos, CHOSEN_STREAM), '$__range')),
      ),
      'bad',
    ),
  )
}

function typicalLoss() {
  return stat(
    {
      title: 'Loss p95',
      description: 'Packet loss that 19 of 20 voice streams of the span stayed below.',
      unit: 'percentunit',
      decimals: 1,
      steps: risingBad({ warning: 0.01, critical: 0.03 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legLoss, CHOSEN_STREAM), window: '$__range' }), 'loss'),
  )
}

function typicalJitter() {
  return stat(
    {
      title: 'Jitter p95',
      description: 'Jitter that 19 of 20 voice streams of the span stayed below.',
      unit: 's',
      steps: risingBad({ warning: 0.03, critical: 0.05 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legJitter, CHOSEN_STREAM), window: '$__range' }), 'jitter'),
  )
}

function typicalRoundTrip() {
  return stat(
    {
      title: 'Round trip p95',
      description: 'Round-trip time that 19 of 20 legs of the span stayed below.',
      unit: 's',
      steps: risingBad({ warning: 0.2, critical: 0.3 }),
    },
    instant(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, CHOSEN_ROLE), window: '$__range' }), 'round trip'),
  )
}

function noMedia() {
  return stat(
    {
      title: 'No media',
      description:
        'Voice streams without a single packet in a conversation of ten seconds or more, within the chosen window.',
      unit: 'short',
      steps: risingBad({ warning: 1, critical: NO_MEDIA_COUNT }),
    },
    instant(`round(${sum(recorded(RECORDINGS.withoutMedia, '$window'))})`, 'streams'),
  )
}

function lowShare() {
  return graph(
    {
      title: `Share of voice streams with a MOS of ${MOS_LOW} or less`,
      description: 'All legs and sides, for each PBX, over the chosen window before each point.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [MOS_LOW_SHARE, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(recorded(RECORDINGS.lowShare, '$window'), '{{instance}}'),
  )
}

function lowBySide() {
  return graph(
    {
      title: 'The same, by leg and side',
      description: 'Which leg, and which way: bad only in rx is the way from the phone to us.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [MOS_LOW_SHARE, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(recorded(RECORDINGS.lowShareBySide, '$window', CHOSEN_STREAM), PER_SIDE),
  )
}

function scores() {
  const of = buckets(CATALOGUE.legMos, CHOSEN_STREAM)
  return graph(
    {
      title: 'Mean opinion score',
      description:
        'Estimated by Asterisk, 1 to 4.5: half of the voice streams are better than the median, 19 of 20 better than the worst 5 %.',
      unit: 'mos',
      max: 5,
      interval: '10m',
      figures: ['lastNotNull'],
    },
    range(quantile(0.5, { of }), 'median', { exemplar: true }),
    range(quantile(0.05, { of }), 'worst 5 %'),
  )
}

function spread() {
  return heatmap(
    {
      title: 'Mean opinion score, all voice streams',
      description: 'Voice streams that ended within each step, by score. A dot is one call: it leads to its row.',
      unit: 'mos',
    },
    CATALOGUE.legMos,
    CHOSEN_STREAM,
  )
}

function loss() {
  return graph(
    {
      title: 'Packet loss, 95th percentile',
      description: 'Share of the packets that were lost, by leg and side.',
      unit: 'percentunit',
      interval: '10m',
      steps: ['transparent', [0.03, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.legLoss, CHOSEN_STREAM), by: ['role', 'side'] }), PER_SIDE, {
      exemplar: true,
    }),
  )
}

function jitter() {
  return graph(
    {
      title: 'Jitter, 95th percentile',
      description: 'How unevenly packets came, by leg and side. Phones bear about 50 ms.',
      unit: 's',
      interval: '10m',
      steps: ['transparent', [0.05, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.legJitter, CHOSEN_STREAM), by: ['role', 'side'] }), PER_SIDE, {
      exemplar: true,
    }),
  )
}

function roundTrip() {
  return graph(
    {
      title: 'Round trip, 95th percentile',
      description: 'Between Asterisk and the far end, by leg. From 300 ms on people talk at the same time.',
      unit: 's',
      interval: '10m',
      steps: ['transparent', [0.3, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, CHOSEN_ROLE), by: ['role'] }), '{{role}}', {
      exemplar: true,
    }),
  )
}

function withoutMedia() {
  return tally(
    {
      title: 'Streams without media',
      description:
        'Conversations of ten seconds or more without one packet on a side: mostly a firewall or NAT, or one-way audio.',
      unit: 'short',
      interval: '10m',
    },
    range(sum(increase(series(CATALOGUE.legsWithoutMedia, CHOSEN_STREAM)), ['role', 'side']), PER_SIDE),
  )
}

function covered() {
  return tally(
    {
      title: 'Rated, not told, dropped',
      description:
        'Voice streams with a score, answered legs of which nothing was told, and statistics that no leg can have, within each step.',
      unit: 'short',
      interval: '10m',
      colors: { rated: 'green', 'not told': 'orange', dropped: 'red' },
    },
    range(sum(increase(countOf(CATALOGUE.legMos, CHOSEN_STREAM))), 'rated'),
    range(sum(increase(series(CATALOGUE.legsWithoutStats, CHOSEN_ROLE))), 'not told'),
    range(sum(increase(series(CATALOGUE.legStatsDropped, CHOSEN_ROLE))), 'dropped'),
  )
}

function told() {
  return stat(
    {
      title: 'Answered legs without statistics',
      description: 'Of the span, by leg: none of the other figures covers them.',
      unit: 'short',
    },
    instant(countOverRange(series(CATALOGUE.legsWithoutStats, CHOSEN_ROLE), ['role']), '{{role}}'),
  )
}
