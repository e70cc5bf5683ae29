// People outside who were missed: how many wait to be called back, for how long, and how soon the others were.
//
// Part of the board "Missed calls"; the shares are on the wallboard too. A missed caller is one person, however often they called
// (src/callback/missedCallers.ts). The shares count everybody who waited, except those who called again in time themselves.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsAround, callsBehind } from '../addresses.ts'
import { CALLER_COLORS } from '../colors.ts'
import { counted, known, shareOfEnough } from '../known.ts'
import { equalWidths, type Row, row } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { bucketOf, countOverRange, increase, max, selector, series, sum } from '../promql.ts'
import { RECORDINGS } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { CALLBACK_LATE_SECONDS, CALLED_BACK_WITHIN } from '../thresholds.ts'

/** The times of the three shares, by their names on panels. */
export const WITHIN: Readonly<Record<string, number>> = {
  '30 min': CALLED_BACK_WITHIN.halfHour,
  '4 h': CALLED_BACK_WITHIN.fourHours,
  '1 day': CALLED_BACK_WITHIN.day,
}
/** Figures are neither good nor bad. */
const PLAIN_OUTCOMES = Object.fromEntries(Object.keys(CALLER_COLORS).map((outcome) => [outcome, 'blue']))
const WITHIN_COLORS = { '30 min': 'green', '4 h': 'blue', '1 day': 'purple' }

const QUEUE = '{{queue}}'
/** Calls without a queue have an empty label. */
const queueNamed = (expression: string) => `label_replace(${expression}, "queue", "no queue", "queue", "")`

/** The share of the last day's missed callers that were called back in time, over all selected PBXs. */
export function calledBackWithin(seconds: number): string {
  const within = ({ name }: { readonly name: string }) => sum(selector(`${name}1d`, {}, [bucketOf(String(seconds))]))
  return shareOfEnough(within(RECORDINGS.callersReturnedWithin), within(RECORDINGS.callersDueWithin))
}

/** Figures: those who wait now, and what became of the others. */
export function missedCallersNow(): Row {
  return row(5, [3, waiting()], [3, longest()], [4, untried()], [5, calledBack()], [6, closed()], [3, withoutNumber()])
}

/** Graphs of the same. */
export function missedCallersOverTime(): Row {
  return equalWidths(8, waitingOverTime(), closedOverTime(), sharesOverTime())
}

function waiting() {
  return stat(
    {
      title: 'To call back',
      description: 'People outside who were missed and with whom nobody has spoken since.',
      unit: 'short',
      click: { title: 'Call log: missed calls', url: callsBehind({ direction: 'inbound', only: 'missed' }) },
    },
    instant(sum(known(series(CATALOGUE.missedCallersWaiting))), 'waiting'),
  )
}

function longest() {
  return stat(
    {
      title: 'Longest wait',
      description:
        'Time since the first missed call of the one who has waited longest to be called back, tried or not.',
      unit: 'clock',
    },
    instant(`round(${max(known(series(CATALOGUE.missedCallersOldestWait)))})`, 'longest'),
  )
}

function untried() {
  return stat(
    {
      title: 'Nobody tried for',
      description:
        'The same of those whom nobody has tried to call since their last missed call: time since the first one that no try has followed; the alert fires after an hour.',
      unit: 'clock',
      steps: higherIsWorse({ warning: CALLBACK_LATE_SECONDS }),
    },
    instant(`round(${max(known(series(CATALOGUE.missedCallersOldestUntriedWait)))})`, 'untried'),
  )
}

function calledBack() {
  return stat(
    {
      title: 'Called back within, 24 h',
      description:
        'Share of the missed callers of the last day that were called back in time, of all that had not called again themselves by then; a dash for fewer than five.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
    },
    ...Object.entries(WITHIN).map(([name, seconds]) => instant(calledBackWithin(seconds), name)),
  )
}

function closed() {
  const outcomes = countOverRange(series(CATALOGUE.missedCallers), ['outcome'])
  return stat(
    {
      title: 'Missed callers, closed',
      description:
        'Missed callers within the time range that were called back, that called again and were answered, or that nobody spoke with in time.',
      unit: 'none',
      named: true,
      colors: PLAIN_OUTCOMES,
      // `called again` on one line.
      text: { title: 12 },
    },
    instant(counted(outcomes), '{{outcome}}'),
  )
}

function withoutNumber() {
  return stat(
    {
      title: 'No number',
      description: 'Missed inbound calls within the time range whose caller cannot be called back.',
      unit: 'none',
    },
    instant(counted(countOverRange(series(CATALOGUE.missedCallsWithoutNumber))), 'calls'),
  )
}

function waitingOverTime() {
  return graph(
    {
      title: 'To be called back, by queue',
      description: 'Missed callers that waited, by the queue of their last missed call.',
      unit: 'short',
      decimals: 0,
      stepped: true,
      stacked: true,
      click: {
        title: 'Call log: missed calls around this time',
        url: callsAround({ only: 'missed', direction: 'inbound' }),
      },
    },
    range(queueNamed(sum(known(series(CATALOGUE.missedCallersWaiting)), ['queue'])), QUEUE),
  )
}

function closedOverTime() {
  return barsOverTime(
    {
      title: 'Missed callers closed',
      description:
        'Missed callers within each bar that were called back, that called again, or that nobody spoke with.',
      unit: 'short',
      colors: CALLER_COLORS,
    },
    range(sum(increase(series(CATALOGUE.missedCallers)), ['outcome']), '{{outcome}}'),
  )
}

function sharesOverTime() {
  return graph(
    {
      title: 'Called back in time',
      description: 'Share of the missed callers of the day before each point that were called back within each time.',
      unit: 'percentunit',
      max: 1,
      colors: WITHIN_COLORS,
    },
    ...Object.entries(WITHIN).map(([name, seconds]) => range(calledBackWithin(seconds), name)),
  )
}
