// Missed calls by queue and by PBX, the lower part of the board "Missed calls".
//
// Folded by default.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { MISSED_DIRECTIONS, type MissedDirection } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, boardLink, callsAround, clicked } from '../addresses.ts'
import { QUEUE_COLORS } from '../colors.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, type Section } from '../layout.ts'
import { barsOverTime } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { type Column, table } from '../panels/table.ts'
import { countOverRange, increase, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { range } from '../targets.ts'
import { MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'

const LOST = series(CATALOGUE.queueCalls, { outcome: { not: ['answered'] } })
const SHARES = higherIsWorse({ warning: MISSED_SLOW_SHARE / 2, critical: MISSED_FAST_SHARE })

/** The two sections. */
export function missedPlaces(): readonly Section[] {
  return [
    { title: 'In queues', rows: [equalWidths(8, queues(), outcomes())] },
    { title: 'On each PBX', rows: [equalWidths(6, eachPbx())] },
  ]
}

function queues() {
  return barsOverTime(
    {
      title: 'Unanswered callers, by queue',
      description: 'Callers that left a queue unanswered within each bar, by queue.',
      unit: 'short',
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
      click: {
        title: 'Call log: missed calls of this queue around this time',
        url: callsAround({ only: 'missed', queue: clicked('queue') }),
      },
    },
    range(`${sum(increase(LOST), ['queue'])} > 0`, '{{queue}}'),
  )
}

function outcomes() {
  return barsOverTime(
    {
      title: 'Unanswered callers, by outcome',
      description:
        'Callers that left a queue unanswered within each bar, by outcome: they hung up, or the queue sent them on.',
      unit: 'short',
      colors: QUEUE_COLORS,
      click: { title: 'Call log: missed calls around this time', url: callsAround({ only: 'missed' }) },
    },
    range(`${sum(increase(LOST), ['outcome'])} > 0`, '{{outcome}}'),
  )
}

function eachPbx() {
  return table({
    title: 'Missed on each PBX',
    description:
      'Missed calls within the time range, and missed calls per offered call over the selected window, if there were five or more.',
    unit: 'short',
    keys: { instance: 'PBX' },
    sortBy: ['Missed inbound'],
    columns: [
      missedColumn('Missed inbound', 'inbound'),
      shareColumn('Share of inbound', 'inbound'),
      missedColumn('Missed internal', 'internal'),
      shareColumn('Share of internal', 'internal'),
      {
        name: 'Share of both',
        unit: 'percentunit',
        decimals: 0,
        steps: SHARES,
        expression: sum(
          fromEnough(
            recorded(RECORDINGS.missedShare, '$window'),
            sum(offered(...MISSED_DIRECTIONS), ['job', 'instance']),
          ),
          ['instance'],
        ),
      },
    ],
  })
}

function missedColumn(name: string, direction: MissedDirection): Column {
  const counter = series(CATALOGUE.missedCalls, { direction: [direction] })
  return { name, unit: 'short', expression: countOverRange(counter, ['instance']) }
}

function shareColumn(name: string, direction: MissedDirection): Column {
  const share = recorded(RECORDINGS.missedShareByDirection, '$window', { direction: [direction] })
  const expression = sum(fromEnough(share, offered(direction)), ['instance'])
  return { name, unit: 'percentunit', decimals: 0, steps: SHARES, expression }
}

function offered(...direction: readonly MissedDirection[]): string {
  return recorded(RECORDINGS.offered, '$window', { direction })
}
