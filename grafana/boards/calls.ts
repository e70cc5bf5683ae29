// Calls: how many, how they end, how long they take and how soon they are answered.
//
// Ratios and averages come from the recording rules, over the window that the reader chooses; counts are counted here.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { CAUSE_COLORS, DIRECTION_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { even } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { fallingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { countOverRange, increase, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { MISSED_SLOW_SHARE } from '../thresholds.ts'
import { answerSection, durationSection } from './callTimes.ts'
import { directionVariable, windowVariable } from './words.ts'

const CHOSEN_DIRECTION = { direction: '$direction' } as const

/** The board. */
export function calls(): Dashboard {
  return dashboard({
    uid: BOARDS.calls,
    title: 'Asterisk / Calls',
    description: 'How many calls there are, how they end, how long they last and how soon they are answered.',
    from: 'now-24h',
    variables: [directionVariable(), windowVariable(['5m', '30m', '1h', '6h'], '30m')],
    sections: [
      {
        rows: [
          even(4, attempts(), ended(), answerRate(), asr(), ner(), averageDuration()),
          even(8, started(), dispositions()),
          even(8, ratios(), networkRatios(), pace()),
        ],
      },
      answerSection(),
      durationSection(),
      { title: 'How they end', rows: [even(8, causes(), hangUps(), causesOfSpan())] },
    ],
  })
}

function attempts() {
  return stat(
    { title: 'Calls begun', description: 'Calls that began in the span that is looked at.', unit: 'short' },
    instant(countOverRange(series(CATALOGUE.callsStarted, CHOSEN_DIRECTION)), 'calls'),
  )
}

function ended() {
  return stat(
    {
      title: 'Calls answered',
      description: 'Calls that ended in the span and that a person had answered.',
      unit: 'short',
      steps: ['green'],
    },
    instant(countOverRange(series(CATALOGUE.calls, { ...CHOSEN_DIRECTION, disposition: ['answered'] })), 'answered'),
  )
}

function answerRate() {
  return stat(
    {
      title: 'Answer rate',
      description:
        'Answered calls of those offered to somebody, over the chosen window, for each PBX and all directions.',
      unit: 'percentunit',
      decimals: 1,
      steps: fallingBad({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_SLOW_SHARE }),
    },
    instant(recorded(RECORDINGS.answerRate, '$window'), '{{instance}}'),
  )
}

function asr() {
  return stat(
    {
      title: 'ASR, 1 h',
      description:
        'Answer-seizure ratio: seizures of trunks that were answered, of all seizures of the last hour, by direction.',
      unit: 'percentunit',
      decimals: 1,
      more: { title: 'Trunks', url: boardLink(BOARDS.trunks) },
    },
    instant(recorded(RECORDINGS.asrByDirection, '1h', CHOSEN_DIRECTION), '{{direction}}'),
  )
}

function ner() {
  return stat(
    {
      title: 'NER, 1 h',
      description:
        'Network effectiveness ratio (ITU-T E.425): seizures for which the network did its part, of all of the last hour; busy and unanswered are no fault of it.',
      unit: 'percentunit',
      decimals: 1,
      more: { title: 'Trunks', url: boardLink(BOARDS.trunks) },
    },
    instant(recorded(RECORDINGS.nerByDirection, '1h', CHOSEN_DIRECTION), '{{direction}}'),
  )
}

function averageDuration() {
  return stat(
    {
      title: 'ACD',
      description:
        'Average call duration: seconds of conversation over answered calls, for each PBX and all directions.',
      unit: 's',
      decimals: 0,
    },
    instant(recorded(RECORDINGS.averageDuration, '$window'), '{{instance}}'),
  )
}

function started() {
  return tally(
    {
      title: 'Calls begun, by direction',
      description: 'Calls that began within each step of the graph.',
      unit: 'short',
      interval: '5m',
      colors: DIRECTION_COLORS,
    },
    range(sum(increase(series(CATALOGUE.callsStarted, CHOSEN_DIRECTION)), ['direction']), '{{direction}}'),
  )
}

function dispositions() {
  const ways = series(CATALOGUE.calls, { ...CHOSEN_DIRECTION, disposition: { not: ['merged'] } })
  return tally(
    {
      title: 'How calls ended',
      description:
        'Calls that ended within each step, by disposition. Calls that went on as part of another are left out.',
      unit: 'short',
      interval: '5m',
      colors: OUTCOME_COLORS,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    range(`${sum(increase(ways), ['disposition'])} > 0`, '{{disposition}}'),
  )
}

function ratios() {
  return graph(
    {
      title: 'Answer rate, by direction',
      description: 'Answered calls of those offered to somebody, over the chosen window before each point.',
      unit: 'percentunit',
      max: 1,
      colors: DIRECTION_COLORS,
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.answerRateByDirection, '$window', CHOSEN_DIRECTION), '{{direction}}'),
  )
}

function networkRatios() {
  return graph(
    {
      title: 'ASR and NER of all trunks, 1 h',
      description:
        'Of the seizures of trunks: those answered (ASR), those for which the network did its part (NER), over the hour before each point.',
      unit: 'percentunit',
      max: 1,
      figures: ['lastNotNull', 'mean'],
      more: { title: 'Trunks', url: boardLink(BOARDS.trunks) },
    },
    range(recorded(RECORDINGS.asrByDirection, '1h', CHOSEN_DIRECTION), 'ASR {{direction}}'),
    range(recorded(RECORDINGS.nerByDirection, '1h', CHOSEN_DIRECTION), 'NER {{direction}}'),
  )
}

function pace() {
  return graph(
    {
      title: 'Calls begun within the chosen window',
      description: 'Calls that began in the window before each point: by direction, and of each PBX.',
      unit: 'short',
      colors: DIRECTION_COLORS,
      figures: ['lastNotNull', 'max'],
    },
    range(recorded(RECORDINGS.startedByDirection, '$window', CHOSEN_DIRECTION), '{{direction}}'),
    range(recorded(RECORDINGS.started, '$window'), '{{instance}}'),
  )
}

function causes() {
  const ways = series(CATALOGUE.callHangups, CHOSEN_DIRECTION)
  return tally(
    {
      title: 'Hang-up causes',
      description: 'Ended calls by the class of their Q.850 cause.',
      unit: 'short',
      interval: '5m',
      colors: CAUSE_COLORS,
    },
    range(`${sum(increase(ways), ['cause_class'])} > 0`, '{{cause_class}}'),
  )
}

function hangUps() {
  return tally(
    {
      title: 'Who hung up',
      description: 'Ended calls by who ended them: the caller, the called side, or the PBX itself.',
      unit: 'short',
      interval: '5m',
      colors: { caller: 'blue', callee: 'green', system: 'orange' },
    },
    range(sum(increase(series(CATALOGUE.callHangups, CHOSEN_DIRECTION)), ['by']), '{{by}}'),
  )
}

function causesOfSpan() {
  const ways = series(CATALOGUE.callHangups, { ...CHOSEN_DIRECTION, cause_class: { not: ['normal'] } })
  return bars(
    {
      title: 'Causes other than normal',
      description:
        'Ended calls of the span by the class of their cause, the most frequent first; normal clearing left out.',
      unit: 'short',
      colors: CAUSE_COLORS,
    },
    instant(`sort_desc(${countOverRange(ways, ['cause_class'])})`, '{{cause_class}}'),
  )
}
