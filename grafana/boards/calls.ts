// Calls: how many there are, how they end, how long they last, and how soon they are answered.
//
// The first screen is for the operator on duty; the rest is folded. Ratios cover the selected window and all selected PBXs; each
// value and bar links to its calls in the call log.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { AS_SELECTED, BOARDS, boardLink, callsAround, callsBehind, clicked } from '../addresses.ts'
import { DIRECTION_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, known, shareOfEnough, whileInSync } from '../known.ts'
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

const SELECTED_DIRECTION = { direction: '$direction' } as const
const ANSWERED = {
  title: 'Call log: these answered calls',
  url: callsBehind({ disposition: 'answered', direction: AS_SELECTED }),
}

/** The board. */
export function calls(): Dashboard {
  return dashboard({
    uid: BOARDS.calls,
    title: 'Asterisk / Calls',
    description: 'Number of calls, how they end, how long they last and how soon they are answered.',
    from: 'now-24h',
    variables: [directionVariable(), windowVariable(['5m', '30m', '1h', '6h'], '30m')],
    sections: [
      {
        rows: [
          equalWidths(4, begun(), answered(), answerRate(), talkTime(), answerDelay(), activeCalls()),
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
      title: 'Calls begun',
      description: 'Calls that began within the time range.',
      unit: 'none',
      click: { title: 'Call log: these calls', url: callsBehind({ direction: AS_SELECTED }) },
    },
    instant(counted(countOverRange(series(CATALOGUE.callsStarted, SELECTED_DIRECTION))), 'calls'),
  )
}

function answered() {
  return stat(
    {
      title: 'Calls answered',
      description: 'Calls that ended within the time range and were answered by a person.',
      unit: 'none',
      click: ANSWERED,
    },
    instant(
      counted(countOverRange(series(CATALOGUE.calls, { ...SELECTED_DIRECTION, disposition: ['answered'] }))),
      'answered',
    ),
  )
}

function answerRate() {
  return stat(
    {
      title: `Answer rate, \${window}`,
      description: 'Answered calls per offered call; a dash for fewer than five calls.',
      unit: 'percentunit',
      decimals: 0,
      steps: lowerIsWorse({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_FAST_SHARE }),
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: { title: 'Call log: missed calls', url: callsBehind({ only: 'missed', direction: AS_SELECTED }) },
    },
    instant(whileInSync(shareOfEnough(sum(answeredIn()), sum(offeredIn()))), 'answered'),
  )
}

function talkTime() {
  return stat(
    {
      title: `Talk time, \${window}`,
      description: 'Average call duration (ACD): conversation time per answered call.',
      unit: 'clock',
      click: ANSWERED,
    },
    instant(AVERAGE_TALK_TIME, 'average'),
  )
}

function answerDelay() {
  const ofRange = (observed: string): string => sum(increase(observed, '$__range'))
  return stat(
    {
      title: 'Mean answer delay',
      description: 'Average time until a person answered, of the answered calls.',
      unit: 's',
      decimals: 1,
      click: ANSWERED,
    },
    instant(
      ratio(
        ofRange(sumOf(CATALOGUE.callAnswer, SELECTED_DIRECTION)),
        ofRange(countOf(CATALOGUE.callAnswer, SELECTED_DIRECTION)),
      ),
      'average',
    ),
  )
}

function activeCalls() {
  return stat(
    {
      title: 'Active calls',
      description: 'Calls in progress now, in the selected directions.',
      unit: 'none',
      click: { title: 'Call log: calls in progress', url: callsBehind({ direction: AS_SELECTED }) },
    },
    instant(sum(known(series(CATALOGUE.callsActive, SELECTED_DIRECTION))), 'now'),
  )
}

function started() {
  return barsOverTime(
    {
      title: 'Calls begun, by direction',
      description: 'Calls that began within each bar, by direction.',
      unit: 'short',
      colors: DIRECTION_COLORS,
      click: {
        title: 'Call log: calls of this direction around this time',
        url: callsAround({ direction: clicked('direction') }),
      },
    },
    range(`${sum(increase(series(CATALOGUE.callsStarted, SELECTED_DIRECTION)), ['direction'])} > 0`, '{{direction}}'),
  )
}

function dispositions() {
  const ways = series(CATALOGUE.calls, { ...SELECTED_DIRECTION, disposition: { not: ['merged'] } })
  return barsOverTime(
    {
      title: 'How calls ended',
      description:
        'Calls that ended within each bar, by disposition, without those that were merged into another call.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: {
        title: 'Call log: calls with this disposition around this time',
        url: callsAround({ disposition: clicked('disposition'), direction: AS_SELECTED }),
      },
    },
    range(`${sum(increase(ways), ['disposition'])} > 0`, '{{disposition}}'),
  )
}

function ratios() {
  return graph(
    {
      title: 'Answer rate, by direction',
      description:
        'Answered calls per offered call within the window before each point, if there were five calls or more.',
      unit: 'percentunit',
      max: 1,
      colors: DIRECTION_COLORS,
      calculations: ['lastNotNull'],
      click: {
        title: 'Call log: missed calls of this direction around this time',
        url: callsAround({ only: 'missed', direction: clicked('direction') }),
      },
    },
    range(shareOfEnough(sum(answeredIn(), ['direction']), sum(offeredIn(), ['direction'])), '{{direction}}'),
  )
}

function answeredIn(): string {
  return recorded(RECORDINGS.answered, '$window', SELECTED_DIRECTION)
}

function offeredIn(): string {
  return recorded(RECORDINGS.offered, '$window', SELECTED_DIRECTION)
}
