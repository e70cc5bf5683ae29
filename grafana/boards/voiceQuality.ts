// Voice quality: how many voice streams were bad, and whether by loss, jitter or distance.
//
// From what Asterisk tells at hang-up. `rx` is what it received from the phone, `tx` what the phone says that it received.
// Legs of which nothing was told are shown too, for they are in none of the other figures.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { STREAM_SIDES, type StreamSide, VOICE_ROLES, type VoiceRole } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, callsAround } from '../addresses.ts'
import { dashboard } from '../dashboard.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { barsOverTime, graph, percentiles } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { fixedColor } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOf, countOverRange, increase, max, quantile, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { MOS_LOW_SHARE } from '../thresholds.ts'
import { listVariable } from '../variables.ts'
import { windowVariable } from './sharedText.ts'
import { lowNow, lowOfPbx, lowOfSpan, noMedia, typicalJitter, typicalLoss, typicalRoundTrip } from './voiceNow.ts'

const CHOSEN_ROLE = { role: '$role' } as const
const CHOSEN_STREAM = { role: '$role', side: '$side' } as const
const PER_WAY = '{{role}} {{side}}'
const WAYS = ['role', 'side']
const RATED = recorded(RECORDINGS.ratedStreams, '$window', CHOSEN_STREAM)
const AROUND = { title: 'Call log: calls around that time', url: callsAround() }

/** Each leg, and each way of the voice: what it is called, and its colour on every panel. */
const WAY_LOOKS: Readonly<Record<VoiceRole | `${VoiceRole} ${StreamSide}`, readonly [text: string, color: string]>> = {
  caller: ['caller', 'blue'],
  callee: ['called phone', 'purple'],
  'caller rx': ['caller to us', 'blue'],
  'caller tx': ['us to caller', 'light-blue'],
  'callee rx': ['called phone to us', 'purple'],
  'callee tx': ['us to called phone', 'light-purple'],
}

/** The board. */
export function voiceQuality(): Dashboard {
  return dashboard({
    uid: BOARDS.voiceQuality,
    title: 'Asterisk / Voice quality',
    description: 'How many voice streams were bad, by loss, jitter and round trip, and the legs without any media.',
    from: 'now-24h',
    variables: [
      listVariable(
        { name: 'role', label: 'Leg', description: 'The caller’s leg, or the called ones.' },
        VOICE_ROLES.map((role) => `${role === 'caller' ? 'the caller’s' : 'the called phone’s'} : ${role}`),
      ),
      listVariable(
        { name: 'side', label: 'Way', description: 'To us: what Asterisk received; from us: what the phone received.' },
        STREAM_SIDES.map((side) => `${side === 'rx' ? 'to us' : 'from us'} : ${side}`),
      ),
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          equalWidths(4, lowNow(), lowOfSpan(), typicalLoss(), typicalJitter(), typicalRoundTrip(), noMedia()),
          equalWidths(8, lowByWay(), spread()),
          equalWidths(8, loss(), jitter()),
        ],
      },
      { title: 'Delay, and voice that did not come', rows: [equalWidths(8, roundTrip(), withoutMedia())] },
      { title: 'Scores', rows: [equalWidths(8, lowShare(), scores())] },
      { title: 'What was measured', rows: [row(8, [18, covered()], [6, told()])] },
    ],
  })
}

function lowByWay() {
  const { lowShareBySide } = RECORDINGS
  return worded(
    graph(
      {
        title: 'Bad streams, by leg and way',
        description:
          'Share with a low score over the chosen window, of several PBXs the highest: which leg, and which way of the voice.',
        unit: 'percentunit',
        softMax: MOS_LOW_SHARE * 1.5,
        steps: ['transparent', [MOS_LOW_SHARE, 'red']],
        figures: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(max(fromEnough(recorded(lowShareBySide, '$window', CHOSEN_STREAM), RATED), WAYS), PER_WAY),
    ),
  )
}

function lowShare() {
  return graph(
    {
      title: 'Bad streams, by PBX',
      description: 'Share with a low score over the chosen window, all legs and ways together.',
      unit: 'percentunit',
      softMax: MOS_LOW_SHARE * 1.5,
      steps: ['transparent', [MOS_LOW_SHARE, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(lowOfPbx(), '{{instance}}'),
  )
}

function scores() {
  const of = buckets(CATALOGUE.legMos, CHOSEN_STREAM)
  return percentiles(
    {
      title: 'Mean opinion score (MOS)',
      description:
        'Estimated by Asterisk, 1 to 4.5: half of the voice streams are better than the median, 19 of 20 better than the worst 5 %.',
      unit: 'mos',
      max: 4.5,
      colors: { median: 'blue', 'worst 5 %': 'orange' },
      figures: ['lastNotNull'],
    },
    range(quantile(0.5, { of }), 'median', { exemplar: true }),
    range(quantile(0.05, { of }), 'worst 5 %'),
  ).min(1)
}

function spread() {
  return heatmap(
    {
      title: 'Scores of all voice streams (MOS)',
      description:
        'How many streams that ended within each step had which score; a dot is one call and leads to its row.',
      unit: 'mos',
    },
    CATALOGUE.legMos,
    CHOSEN_STREAM,
  )
}

function loss() {
  return worded(
    percentiles(
      {
        title: 'Packet loss, 95th percentile',
        description: 'Share of the packets that were lost, by leg and way.',
        unit: 'percentunit',
        softMax: 0.1,
        steps: ['transparent', [0.03, 'red']],
        figures: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legLoss, CHOSEN_STREAM), by: WAYS }), PER_WAY, { exemplar: true }),
    ),
  )
}

function jitter() {
  return worded(
    percentiles(
      {
        title: 'Jitter, 95th percentile',
        description: 'How unevenly packets came, by leg and way; phones bear about 50 ms.',
        unit: 's',
        softMax: 0.06,
        steps: ['transparent', [0.05, 'red']],
        figures: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legJitter, CHOSEN_STREAM), by: WAYS }), PER_WAY, {
        exemplar: true,
      }),
    ),
  )
}

function roundTrip() {
  return worded(
    percentiles(
      {
        title: 'Round trip, 95th percentile',
        description: 'Between Asterisk and the far end, by leg; from 300 ms on people talk at the same time.',
        unit: 's',
        steps: ['transparent', [0.3, 'red']],
        figures: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, CHOSEN_ROLE), by: ['role'] }), '{{role}}', {
        exemplar: true,
      }),
    ),
  )
}

function withoutMedia() {
  return worded(
    barsOverTime(
      {
        title: 'Streams without voice',
        description:
          'Conversations of ten seconds or more without one packet on a side: mostly a firewall or NAT, or one-way audio.',
        unit: 'short',
        click: AROUND,
      },
      range(`${sum(increase(series(CATALOGUE.legsWithoutMedia, CHOSEN_STREAM)), WAYS)} > 0`, PER_WAY),
    ),
  )
}

function covered() {
  return barsOverTime(
    {
      title: 'Streams measured and not measured',
      description:
        'Voice streams with a score, answered legs of which nothing was told, and statistics that no leg can have, within each step.',
      unit: 'short',
      colors: { measured: 'green', 'not told': 'orange', impossible: 'red' },
    },
    range(sum(increase(countOf(CATALOGUE.legMos, CHOSEN_STREAM))), 'measured'),
    range(sum(increase(series(CATALOGUE.legsWithoutStats, CHOSEN_ROLE))), 'not told'),
    range(sum(increase(series(CATALOGUE.legStatsDropped, CHOSEN_ROLE))), 'impossible'),
  )
}

function told() {
  return worded(
    stat(
      {
        title: 'Legs not measured, span',
        description:
          'Answered legs of the span of which nothing was told, by leg: none of the other figures covers them.',
        unit: 'short',
      },
      instant(countOverRange(series(CATALOGUE.legsWithoutStats, CHOSEN_ROLE), ['role']), '{{role}}'),
    ),
  )
}

// `caller rx` is what the metric says; people say where the voice comes from and where it goes.
function worded<Panel extends ReturnType<typeof graph> | ReturnType<typeof stat>>(panel: Panel): Panel {
  for (const [name, [text, color]] of Object.entries(WAY_LOOKS)) {
    panel.overrideByName(name, [...fixedColor(color), { id: 'displayName', value: text }])
  }
  return panel
}
