// Missed calls: how many, which share, when, why, who was called back, and the alerts about them, which link to this board.
//
// A missed call was offered to somebody and answered by nobody (src/call/fact.ts). Inbound and internal calls are never added up.
// Every value links to its calls in the call log.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { MISSED_DIRECTIONS } from '../../src/metrics/catalogue/labelValues.ts'
import { AS_SELECTED, BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { DIRECTION_COLORS, MISSED_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, quiet, shareOfEnough, whileInSync } from '../known.ts'
import { equalWidths } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { countOverRange, increase, max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { MISSED_FAST_COUNT, MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'
import { missedCallersNow, missedCallersOverTime } from './missedCallers.ts'
import { missedPlaces } from './missedPlaces.ts'
import { bySeverity, directionVariable, SEVERITIES, windowVariable } from './sharedText.ts'

const SELECTED_DIRECTION = { direction: '$direction' } as const
/** There is always a most frequent reason, so its colour is not a warning. */
const PLAIN_REASONS = Object.fromEntries(Object.keys(OUTCOME_COLORS).map((reason) => [reason, 'blue']))
const SHARES = higherIsWorse({ warning: MISSED_SLOW_SHARE / 2, critical: MISSED_FAST_SHARE })
const missedOfDirection = (lastMinutes?: number) => ({
  title: 'Call log: these missed calls',
  url: callsBehind({ only: 'missed', direction: clicked('direction') }, lastMinutes),
})
const ALERTS = 'AsteriskMissedCalls.*|AsteriskNobodyAnswers|AsteriskNoCalls|AsteriskQueue.*|AsteriskCallback.*'

function missedOverTime() {
  return barsOverTime(
    {
      title: 'Missed calls over time',
      description: 'Missed calls within each bar, by direction: inbound in red, internal in yellow.',
      unit: 'short',
      colors: MISSED_COLORS,
      click: {
        title: 'Call log: missed calls around this time',
        url: callsAround({ only: 'missed', direction: clicked('direction') }),
      },
    },
    range(sum(increase(series(CATALOGUE.missedCalls, SELECTED_DIRECTION)), ['direction']), '{{direction}}'),
  )
}

/** The board. */
export function missedCalls(): Dashboard {
  return dashboard({
    uid: BOARDS.missedCalls,
    title: 'Asterisk / Missed calls',
    description:
      'Calls that were offered to somebody and answered by nobody: when, why and where, and whether the callers were called back.',
    from: 'now-24h',
    variables: [directionVariable(MISSED_DIRECTIONS), windowVariable(['5m', '30m', '1h', '6h'], '30m')],
    sections: [
      {
        rows: [
          equalWidths(5, lately(), shareLately(), answeredLately(), shareOfSixHours(), missed(), worstReason()),
          missedCallersNow(),
          equalWidths(8, missedOverTime(), shares()),
          missedCallersOverTime(),
          equalWidths(8, byHour(), reasons(), reasonsOfRange()),
          equalWidths(6, alerts()),
        ],
      },
      ...missedPlaces(),
    ],
  })
}

function lately() {
  return stat(
    {
      title: 'Missed, 30 min',
      named: true,
      description: `Missed calls of the last half hour, by direction; the alert fires from ${MISSED_FAST_COUNT} on if their share is above ${MISSED_FAST_SHARE * 100} %.`,
      unit: 'none',
      click: missedOfDirection(30),
    },
    instant(
      counted(`round(${sum(recorded(RECORDINGS.missed, '30m', SELECTED_DIRECTION), ['direction'])})`),
      '{{direction}}',
    ),
  )
}

function shareLately() {
  return stat(
    {
      title: 'Missed share, 30 min',
      named: true,
      description:
        'Missed calls per offered call in the last half hour, by direction; a dash for fewer than five calls.',
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
      click: missedOfDirection(30),
    },
    instant(whileInSync(missedShare('30m')), '{{direction}}'),
  )
}

function answeredLately() {
  return stat(
    {
      title: 'Answered, 30 min',
      named: true,
      description: 'Answered calls of the last half hour, by direction.',
      unit: 'none',
      click: {
        title: 'Call log: these answered calls',
        url: callsBehind({ disposition: 'answered', direction: clicked('direction') }, 30),
      },
    },
    instant(
      counted(`round(${sum(recorded(RECORDINGS.answered, '30m', SELECTED_DIRECTION), ['direction'])})`),
      '{{direction}}',
    ),
  )
}

function shareOfSixHours() {
  return stat(
    {
      title: 'Missed share, 6 h',
      named: true,
      description: 'Missed calls per offered call in the last six hours, by direction.',
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
      click: missedOfDirection(360),
    },
    instant(missedShare('6h'), '{{direction}}'),
  )
}

function missed() {
  return stat(
    {
      title: 'Missed, total',
      named: true,
      description: 'Missed calls within the time range, by direction.',
      unit: 'none',
      click: missedOfDirection(),
    },
    instant(counted(countOverRange(series(CATALOGUE.missedCalls, SELECTED_DIRECTION), ['direction'])), '{{direction}}'),
  )
}

function worstReason() {
  const byReason = countOverRange(series(CATALOGUE.missedCalls, SELECTED_DIRECTION), ['reason'])
  return stat(
    {
      title: 'Most frequent reason',
      description: 'The most frequent reason of missed calls within the time range, and their number.',
      unit: 'none',
      named: true,
      none: 'none',
      colors: PLAIN_REASONS,
      click: {
        title: 'Call log: calls missed for this reason',
        url: callsBehind({ only: 'missed', disposition: clicked('reason'), direction: AS_SELECTED }),
      },
    },
    instant(`topk(1, ${byReason} > 0)`, '{{reason}}'),
  )
}

function shares() {
  return graph(
    {
      title: 'Missed share',
      description:
        'Missed calls per offered call within the window before each point, if there were five calls or more; the alert fires above the line.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [MISSED_FAST_SHARE, 'red']],
      colors: { ...DIRECTION_COLORS, ...MISSED_COLORS },
      calculations: ['lastNotNull', 'max'],
      click: {
        title: 'Call log: missed calls around this time',
        url: callsAround({ only: 'missed', direction: clicked('direction') }),
      },
    },
    range(missedShare('$window'), '{{direction}}'),
  )
}

function missedShare(window: '30m' | '6h' | '$window'): string {
  return shareOfEnough(
    sum(recorded(RECORDINGS.missed, window, SELECTED_DIRECTION), ['direction']),
    sum(recorded(RECORDINGS.offered, window, SELECTED_DIRECTION), ['direction']),
  )
}

function byHour() {
  const answered = series(CATALOGUE.calls, { ...SELECTED_DIRECTION, disposition: ['answered'] })
  return barsOverTime(
    {
      title: 'Answered and missed, by hour',
      description: 'Answered, missed inbound and missed internal calls of the hour before each bar’s right edge.',
      unit: 'short',
      interval: '1h',
      colors: { answered: 'green', 'missed inbound': MISSED_COLORS.inbound, 'missed internal': MISSED_COLORS.internal },
      click: { title: 'Call log: calls around this time', url: callsAround({ direction: AS_SELECTED }) },
    },
    range(sum(increase(answered)), 'answered'),
    range(sum(increase(series(CATALOGUE.missedCalls, SELECTED_DIRECTION)), ['direction']), 'missed {{direction}}'),
  )
}

function reasons() {
  return barsOverTime(
    {
      title: 'Missed by reason',
      description: 'Missed calls within each bar, by reason.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      click: {
        title: 'Call log: calls missed for this reason around this time',
        url: callsAround({ only: 'missed', disposition: clicked('reason'), direction: AS_SELECTED }),
      },
    },
    range(`${sum(increase(series(CATALOGUE.missedCalls, SELECTED_DIRECTION)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function reasonsOfRange() {
  return bars(
    {
      title: 'Reasons, total',
      description: 'Missed calls within the time range by reason, the most frequent first.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      click: {
        title: 'Call log: calls missed for this reason',
        url: callsBehind({ only: 'missed', disposition: clicked('reason'), direction: AS_SELECTED }),
      },
    },
    instant(
      `sort_desc(${countOverRange(series(CATALOGUE.missedCalls, SELECTED_DIRECTION), ['reason'])} > 0)`,
      '{{reason}}',
    ),
  )
}

function alerts() {
  return timeline(
    {
      title: 'Alerts on missed calls',
      description:
        'When the alerts about missed, unanswered and absent calls, and about calls back, fired; a gap in all bands means that no rule was evaluated.',
      unit: 'none',
      texts: { 0: ['none', 'dark-green'], ...SEVERITIES },
      none: 'no rules evaluated',
    },
    range(max(bySeverity(ALERTS), ['alertname', 'instance', 'queue']), '{{alertname}} {{queue}} {{instance}}'),
    range(quiet(ALERTS), 'none'),
  )
}
