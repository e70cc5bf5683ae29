// Missed calls: how many, what share, when, why, in which queue, and which alerts told of it.
//
// Where the alerts on missed calls lead. A missed call was offered to somebody and answered by nobody (src/call/fact.ts).

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { MISSED_DIRECTIONS } from '../../src/metrics/labelLists.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { OUTCOME_COLORS, QUEUE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { even } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { risingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { alerting, countOverRange, increase, max, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { MISSED_FAST_COUNT, MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'
import { missedOverTime } from './shared.ts'
import { directionVariable, windowVariable } from './words.ts'

const CHOSEN_DIRECTION = { direction: '$direction' } as const
const SHARES = risingBad({ warning: MISSED_SLOW_SHARE / 2, critical: MISSED_FAST_SHARE })

/** The board. */
export function missedCalls(): Dashboard {
  return dashboard({
    uid: BOARDS.missedCalls,
    title: 'Asterisk / Missed calls',
    description: 'Calls that were offered to somebody and answered by nobody: when, why and where. Alerts lead here.',
    from: 'now-24h',
    variables: [directionVariable(MISSED_DIRECTIONS), windowVariable(['5m', '30m', '1h', '6h'], '30m')],
    sections: [
      {
        rows: [
          even(4, missed(), lately(), shareLately(), shareOfSixHours(), sinceWhen(), worstReason()),
          even(8, missedOverTime(CHOSEN_DIRECTION), shares()),
          even(8, byHour(), reasons()),
          even(8, reasonsOfSpan(), queues()),
          even(6, alerts()),
        ],
      },
    ],
  })
}

function missed() {
  return stat(
    {
      title: 'Missed',
      description: 'Missed calls in the span that is looked at.',
      unit: 'short',
      steps: risingBad({ warning: 1 }),
      more: { title: 'Their rows', url: boardLink(BOARDS.callLog, { only: encodeURIComponent('missed=true') }) },
    },
    instant(countOverRange(series(CATALOGUE.missedCalls, CHOSEN_DIRECTION)), 'missed'),
  )
}

function lately() {
  return stat(
    {
      title: 'Missed, 30 min',
      description: `Missed calls of the last half hour. An alert needs ${MISSED_FAST_COUNT}, and a share of ${MISSED_FAST_SHARE * 100} %.`,
      unit: 'short',
      steps: risingBad({ warning: 1, critical: MISSED_FAST_COUNT }),
    },
    instant(`round(${sum(recorded(RECORDINGS.missed, '30m', CHOSEN_DIRECTION))})`, 'missed'),
  )
}

function shareLately() {
  return stat(
    {
      title: 'Missed share, 30 min',
      description: 'Missed of those offered in the last half hour, by direction; a dash when nobody called.',
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
    },
    instant(recorded(RECORDINGS.missedShareByDirection, '30m', CHOSEN_DIRECTION), '{{direction}}'),
  )
}

function shareOfSixHours() {
  return stat(
    {
      title: 'Missed share, 6 h',
      description: 'Missed of all those offered in the last six hours, both directions together, for each PBX.',
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
    },
    instant(recorded(RECORDINGS.missedShare, '6h'), '{{instance}}'),
  )
}

function sinceWhen() {
  return stat(
    {
      title: 'Answered, 30 min',
      description: 'Calls of the last half hour that were answered: whether anybody answers at all.',
      unit: 'short',
      steps: ['green'],
    },
    instant(`round(${sum(recorded(RECORDINGS.answered, '30m', CHOSEN_DIRECTION))})`, 'answered'),
  )
}

function worstReason() {
  return stat(
    {
      title: 'Most frequent reason',
      description: 'The reason for which most calls of the span were missed, and how many.',
      unit: 'short',
      named: true,
      steps: risingBad({ warning: 1 }),
    },
    instant(
      `topk(1, ${countOverRange(series(CATALOGUE.missedCalls, CHOSEN_DIRECTION), ['reason'])} > 0)`,
      '{{reason}}',
    ),
  )
}

function shares() {
  return graph(
    {
      title: 'Missed share',
      description:
        'Missed of those offered over the chosen window before each point, by direction and of each PBX; and over six hours.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [MISSED_FAST_SHARE, 'red'], [MISSED_SLOW_SHARE, 'dark-red']],
      figures: ['lastNotNull', 'max'],
    },
    range(recorded(RECORDINGS.missedShareByDirection, '$window', CHOSEN_DIRECTION), '{{direction}}'),
    range(recorded(RECORDINGS.missedShare, '$window'), '{{instance}}'),
    range(recorded(RECORDINGS.missedShare, '6h'), '6 h {{instance}}'),
  )
}

function byHour() {
  return tally(
    {
      title: 'Offered, answered and missed by hour',
      description: 'Answered and missed calls of each hour before a point.',
      unit: 'short',
      interval: '1h',
      colors: { answered: 'green', missed: 'red' },
    },
    range(sum(increase(series(CATALOGUE.calls, { ...CHOSEN_DIRECTION, disposition: ['answered'] }))), 'answered'),
    range(sum(increase(series(CATALOGUE.missedCalls, CHOSEN_DIRECTION))), 'missed'),
  )
}

function reasons() {
  return tally(
    {
      title: 'Missed by reason',
      description: 'Missed calls within each step, by reason: who gave up, what was busy, what could not be reached.',
      unit: 'short',
      interval: '10m',
      colors: OUTCOME_COLORS,
    },
    range(`${sum(increase(series(CATALOGUE.missedCalls, CHOSEN_DIRECTION)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function reasonsOfSpan() {
  return bars(
    {
      title: 'Reasons of the span',
      description: 'Missed calls of the span by reason, the most frequent first.',
      unit: 'short',
      colors: OUTCOME_COLORS,
    },
    instant(`sort_desc(${countOverRange(series(CATALOGUE.missedCalls, CHOSEN_DIRECTION), ['reason'])})`, '{{reason}}'),
  )
}

function queues() {
  const lost = series(CATALOGUE.queueCalls, { outcome: { not: ['answered'] } })
  return tally(
    {
      title: 'Left a queue without an answer',
      description: 'Callers that left each queue unanswered, within each step, by what became of them.',
      unit: 'short',
      interval: '10m',
      colors: QUEUE_COLORS,
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
    },
    range(`${sum(increase(lost), ['queue', 'outcome'])} > 0`, '{{queue}} {{outcome}}'),
  )
}

function alerts() {
  return timeline(
    {
      title: 'Alerts on missed calls',
      description: 'When each of the alerts on missed, unanswered and absent calls fired. An empty panel: none did.',
      unit: 'none',
      words: { 1: ['firing', 'red'] },
    },
    range(
      max(alerting('AsteriskMissedCalls.*|AsteriskNobodyAnswers|AsteriskNoCalls|AsteriskQueue.*'), [
        'alertname',
        'instance',
        'queue',
      ]),
      '{{alertname}} {{queue}}',
    ),
  )
}
