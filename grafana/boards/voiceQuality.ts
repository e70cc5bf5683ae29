// Voice quality: how many voice streams were bad, and whether by loss, jitter or delay.
//
// From the statistics that Asterisk reports at hang-up: `rx` is what it received from the phone, `tx` what the phone reports
// to have received. Legs without statistics are in none of these values, so they are counted on their own.

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
import { lowNow, lowOfPbx, lowOfRange, noMedia, typicalJitter, typicalLoss, typicalRoundTrip } from './voiceNow.ts'

const SELECTED_ROLE = { role: '$role' } as const
const SELECTED_STREAM = { role: '$role', side: '$side' } as const
const PER_STREAM = '{{role}} {{side}}'
const STREAM = ['role', 'side']
const RATED = recorded(RECORDINGS.ratedStreams, '$window', SELECTED_STREAM)
const AROUND = { title: 'Call log: calls around that time', url: callsAround() }

/** Name and colour of each leg, and of each leg and direction; they are the same on every panel. */
const STREAM_LOOKS: Readonly<Record<VoiceRole | `${VoiceRole} ${StreamSide}`, readonly [text: string, color: string]>> =
  {
    caller: ['caller', 'semi-dark-blue'],
    callee: ['called phone', 'semi-dark-purple'],
    'caller rx': ['caller to us', 'semi-dark-blue'],
    'caller tx': ['us to caller', 'light-blue'],
    'callee rx': ['called phone to us', 'semi-dark-purple'],
    'callee tx': ['us to called phone', 'light-purple'],
  }

/** The board. */
export function voiceQuality(): Dashboard {
  return dashboard({
    uid: BOARDS.voiceQuality,
    title: 'Asterisk / Voice quality',
    description: 'Bad voice streams, packet loss, jitter and round trip, and streams without audio.',
    from: 'now-24h',
    variables: [
      listVariable(
        { name: 'role', label: 'Leg', description: 'The caller’s leg, or the called ones.' },
        VOICE_ROLES.map((role) => `${role === 'caller' ? 'the caller’s' : 'the called phone’s'} : ${role}`),
      ),
      listVariable(
        {
          name: 'side',
          label: 'Direction',
          description: 'To us: what Asterisk received; from us: what the phone received.',
        },
        STREAM_SIDES.map((side) => `${side === 'rx' ? 'to us' : 'from us'} : ${side}`),
      ),
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          equalWidths(4, lowNow(), lowOfRange(), typicalLoss(), typicalJitter(), typicalRoundTrip(), noMedia()),
          equalWidths(8, lowByStream(), spread()),
          equalWidths(8, loss(), jitter()),
        ],
      },
      {
        title: 'Delay, streams without audio, live legs',
        rows: [equalWidths(8, roundTrip(), withoutMedia(), inTrouble())],
      },
      { title: 'Scores', rows: [equalWidths(8, lowShare(), scores())] },
      { title: 'Measured streams', rows: [row(8, [18, measured()], [6, notMeasured()])] },
    ],
  })
}

function lowByStream() {
  const { lowShareBySide } = RECORDINGS
  return renamed(
    graph(
      {
        title: 'Bad streams, by leg and direction',
        description: 'Share of streams with a low score over the selected window; of several PBXs the highest.',
        unit: 'percentunit',
        softMax: MOS_LOW_SHARE * 1.5,
        steps: ['transparent', [MOS_LOW_SHARE, 'red']],
        calculations: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(max(fromEnough(recorded(lowShareBySide, '$window', SELECTED_STREAM), RATED), STREAM), PER_STREAM),
    ),
  )
}

function lowShare() {
  return graph(
    {
      title: 'Bad streams, by PBX',
      description: 'Share of streams with a low score over the selected window, of all legs and directions.',
      unit: 'percentunit',
      softMax: MOS_LOW_SHARE * 1.5,
      steps: ['transparent', [MOS_LOW_SHARE, 'red']],
      calculations: ['lastNotNull', 'max'],
    },
    range(lowOfPbx(), '{{instance}}'),
  )
}

function scores() {
  const of = buckets(CATALOGUE.legMos, SELECTED_STREAM)
  return percentiles(
    {
      title: 'Mean opinion score (MOS)',
      description:
        'Estimated by Asterisk, 1 to 4.5: half of the streams are better than the median, 19 of 20 are better than the worst 5 %.',
      unit: 'mos',
      max: 4.5,
      colors: { median: 'blue', 'worst 5 %': 'orange' },
      calculations: ['lastNotNull'],
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
        'Number of streams that ended within each step, by score; a dot is one call and leads to its details.',
      unit: 'mos',
    },
    CATALOGUE.legMos,
    SELECTED_STREAM,
  )
}

function loss() {
  return renamed(
    percentiles(
      {
        title: 'Packet loss, 95th percentile',
        description: 'Share of lost packets, by leg and direction.',
        unit: 'percentunit',
        softMax: 0.1,
        steps: ['transparent', [0.03, 'red']],
        calculations: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legLoss, SELECTED_STREAM), by: STREAM }), PER_STREAM, {
        exemplar: true,
      }),
    ),
  )
}

function jitter() {
  return renamed(
    percentiles(
      {
        title: 'Jitter, 95th percentile',
        description: 'Variation of the packets’ delay, by leg and direction; phones tolerate about 50 ms.',
        unit: 's',
        softMax: 0.06,
        steps: ['transparent', [0.05, 'red']],
        calculations: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legJitter, SELECTED_STREAM), by: STREAM }), PER_STREAM, {
        exemplar: true,
      }),
    ),
  )
}

function roundTrip() {
  return renamed(
    percentiles(
      {
        title: 'Round trip, 95th percentile',
        description: 'Between Asterisk and the far end, by leg; from 300 ms on, people interrupt each other.',
        unit: 's',
        steps: ['transparent', [0.3, 'red']],
        calculations: ['lastNotNull', 'max'],
        click: AROUND,
      },
      range(quantile(0.95, { of: buckets(CATALOGUE.legRoundTrip, SELECTED_ROLE), by: ['role'] }), '{{role}}', {
        exemplar: true,
      }),
    ),
  )
}

function withoutMedia() {
  return renamed(
    barsOverTime(
      {
        title: 'Streams without audio',
        description:
          'Streams without a packet in conversations of ten seconds or more, which is one-way audio: mostly a firewall or NAT.',
        unit: 'short',
        click: AROUND,
      },
      range(`${sum(increase(series(CATALOGUE.legsWithoutMedia, SELECTED_STREAM)), STREAM)} > 0`, PER_STREAM),
    ),
  )
}

function inTrouble() {
  const legs = series(CATALOGUE.legsLive, { ...SELECTED_ROLE, problem: { not: ['none'] } })
  return barsOverTime(
    {
      title: 'Live legs in trouble',
      description: 'Legs in conversation whose voice has a problem: one-way audio, loss over 5 %, jitter over 30 ms.',
      unit: 'short',
      colors: { one_way: 'red', loss: 'orange', jitter: 'yellow' },
      click: AROUND,
    },
    range(`${sum(legs, ['problem'])} > 0`, '{{problem}}'),
  )
}

function measured() {
  return barsOverTime(
    {
      title: 'Streams measured and not measured',
      description:
        'Streams with a score, answered legs without statistics, and legs with implausible statistics, within each step.',
      unit: 'short',
      colors: { measured: 'green', 'not measured': 'orange', implausible: 'red' },
    },
    range(sum(increase(countOf(CATALOGUE.legMos, SELECTED_STREAM))), 'measured'),
    range(sum(increase(series(CATALOGUE.legsWithoutStats, SELECTED_ROLE))), 'not measured'),
    range(sum(increase(series(CATALOGUE.legStatsDropped, SELECTED_ROLE))), 'implausible'),
  )
}

function notMeasured() {
  return renamed(
    stat(
      {
        title: 'Legs not measured',
        description: 'Answered legs without statistics, by leg; they are in none of the other values.',
        unit: 'short',
      },
      instant(countOverRange(series(CATALOGUE.legsWithoutStats, SELECTED_ROLE), ['role']), '{{role}}'),
    ),
  )
}

// Display names for `caller rx` and the other values of the labels.
function renamed<Panel extends ReturnType<typeof graph> | ReturnType<typeof stat>>(panel: Panel): Panel {
  for (const [name, [text, color]] of Object.entries(STREAM_LOOKS)) {
    panel.overrideByName(name, [...fixedColor(color), { id: 'displayName', value: text }])
  }
  return panel
}
