// Calls: how many, how they end, how long they take and how soon they are answered.
//
// The first screen is for whoever is on duty; the rest is folded. Ratios are of the window that the reader chooses, over all
// chosen PBXs; each figure and bar leads to its calls in the call log.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { AS_CHOSEN, BOARDS, boardLink, callsAround, callsBehind, clicked } from '../addresses.ts'
import { DIRECTION_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, known, shareOfEnough, whileInSight } from '../known.ts'
import { equalWidths } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { lowerIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { countOf, countOverRange, increase, ratio, series, sum, sumOf } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'
import { endSection, pbxSection } from './callEnds.ts'
import { AVERAGE_TALK_TIME, answerSection, durationSection, traffic } from './callTimes.ts'
import { directionVariable, windowVariable } from './sharedText.ts'

const CHOSEN_DIRECTION = { direction: '$direction' } as const
const ANSWERED = {
  title: 'Call log: these answered calls',
  url: callsBehind({ disposition: 'answered', direction: AS_CHOSEN }),
}

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
          equalWidths(4, begun(), answered(), answerRate(), talkTime(), answerDelay(), liveCalls()),
          equalWidths(8, started(), dispositions()),
          equalWidths(8, ratios(), traffic()),
        ],
      },
      answerSection(),
      durationSection(),
      endSection(),
      pbxSection(),
    ],
  })
}

function begun() {
  return stat(
    {
      title: 'Calls begun, span',
      description: 'Calls that began in the span at the top of the board.',
      unit: 'none',
      click: { title: 'Call log: these calls', url: callsBehind({ direction: AS_CHOSEN }) },
    },
    instant(counted(countOverRange(series(CATALOGUE.callsStarted, CHOSEN_DIRECTION))), 'calls'),
  )
}

function answered() {
  return stat(
    {
      title: 'Calls answered, span',
      description: 'Calls that ended in the span and that a person had answered.',
      unit: 'none',
      click: ANSWERED,
    },
    instant(
      counted(countOverRange(series(CATALOGUE.calls, { ...CHOSEN_DIRECTION, disposition: ['answered'] }))),
      'answered',
    ),
  )
}

function answerRate() {
  return stat(
    {
      title: `Answer rate, last \${window}`,
      description: 'Answered calls of those offered to somebody; a dash for fewer than five calls.',
      unit: 'percentunit',
      decimals: 0,
      steps: lowerIsWorse({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_FAST_SHARE }),
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: { title: 'Call log: missed calls', url: callsBehind({ only: 'missed', direction: AS_CHOSEN }) },
    },
    instant(whileInSight(shareOfEnough(sum(answeredIn()), sum(offeredIn()))), 'answered'),
  )
}

function talkTime() {
  return stat(
    {
      title: `Talk time, last \${window}`,
      description: 'Average call duration (ACD): conversation over answered calls.',
      unit: 'clock',
      click: ANSWERED,
    },
    instant(AVERAGE_TALK_TIME, 'average'),
  )
}

function answerDelay() {
  const ofSpan = (observed: string): string => sum(increase(observed, '$__range'))
  return stat(
    {
      title: 'Answer delay, span',
      description: 'How long callers of answered calls waited for a person, on average over the span.',
      unit: 's',
      decimals: 1,
      click: ANSWERED,
    },
    instant(
      ratio(
        ofSpan(sumOf(CATALOGUE.callAnswer, CHOSEN_DIRECTION)),
        ofSpan(countOf(CATALOGUE.callAnswer, CHOSEN_DIRECTION)),
      ),
      'average',
    ),
  )
}

function liveCalls() {
  return stat(
    {
      title: 'Live calls now',
      description: 'Calls that live now, in the chosen directions.',
      unit: 'none',
      click: { title: 'Call log: calls that live now', url: callsBehind({ direction: AS_CHOSEN }) },
    },
    instant(sum(known(series(CATALOGUE.callsActive, CHOSEN_DIRECTION))), 'now'),
  )
}

function started() {
  return barsOverTime(
    {
      title: 'Calls begun, by direction',
      description: 'Calls that began within each bar.',
      unit: 'short',
      colors: DIRECTION_COLORS,
      click: {
        title: 'Call log: calls of this direction around this time',
        url: callsAround({ direction: clicked('direction') }),
      },
    },
    range(`${sum(increase(series(CATALOGUE.callsStarted, CHOSEN_DIRECTION)), ['direction'])} > 0`, '{{direction}}'),
  )
}

function dispositions() {
  const ways = series(CATALOGUE.calls, { ...CHOSEN_DIRECTION, disposition: { not: ['merged'] } })
  return barsOverTime(
    {
      title: 'How calls ended',
      description:
        'Calls that ended within each bar, by disposition; those that went on as part of another are left out.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: {
        title: 'Call log: calls that ended so around this time',
        url: callsAround({ disposition: clicked('disposition'), direction: AS_CHOSEN }),
      },
    },
    range(`${sum(increase(ways), ['disposition'])} > 0`, '{{disposition}}'),
  )
}

function ratios() {
  return graph(
    {
      title: 'Answer rate, by direction',
      description: 'Answered calls of those offered within the window before each point, drawn from five calls on.',
      unit: 'percentunit',
      max: 1,
      colors: DIRECTION_COLORS,
      figures: ['lastNotNull'],
      click: {
        title: 'Call log: missed calls of this direction around this time',
        url: callsAround({ only: 'missed', direction: clicked('direction') }),
      },
    },
    range(shareOfEnough(sum(answeredIn(), ['direction']), sum(offeredIn(), ['direction'])), '{{direction}}'),
  )
}

function answeredIn(): string {
  return recorded(RECORDINGS.answered, '$window', CHOSEN_DIRECTION)
}

function offeredIn(): string {
  return recorded(RECORDINGS.offered, '$window', CHOSEN_DIRECTION)
}
