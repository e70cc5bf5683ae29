// Missed calls by queue, by line and by PBX, the lower part of the board "Missed calls".
//
// Folded by default.

import { MISSED_REASONS } from '../../src/call/fact.ts'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { MISSED_DIRECTIONS, type MissedDirection } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, boardLink, callsAround, clicked } from '../addresses.ts'
import { QUEUE_COLORS } from '../colors.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, row, type Section } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { type Column, table } from '../panels/table.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, increase, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { range } from '../targets.ts'
import { MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'

const LOST = series(CATALOGUE.queueCalls, { outcome: { not: ['answered'] } })
const LINE_WINDOW = '1h'
const SHARES = higherIsWorse({ warning: MISSED_SLOW_SHARE / 2, critical: MISSED_FAST_SHARE })

/** The sections. */
export function missedPlaces(): readonly Section[] {
  return [
    { title: 'In queues', rows: [equalWidths(8, queues(), outcomes())] },
    { title: 'On lines', rows: [row(7, [10, lines()], [14, lineShares()])] },
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

function lines() {
  const keys = ['line']
  const missed = series(CATALOGUE.lineCalls, { disposition: MISSED_REASONS })
  return table({
    title: 'Calls of each line',
    description:
      'Calls to each line of the exporter’s setting LINES within the time range, and those that nobody answered.',
    unit: 'short',
    keys: { line: 'Line' },
    sortBy: ['Missed', 'Calls'],
    columns: [
      { name: 'Calls', unit: 'short', expression: countOverRange(series(CATALOGUE.lineCalls), keys) },
      { name: 'Missed', unit: 'short', expression: countOverRange(missed, keys) },
    ],
  })
}

function lineShares() {
  return graph(
    {
      title: 'Missed share, by line',
      description:
        'Calls to each line of the setting LINES that nobody answered, per call that somebody could have answered, over an hour.',
      unit: 'percentunit',
      max: 1,
      calculations: ['lastNotNull', 'mean'],
      click: {
        title: 'Call log: missed calls of this line around that time',
        url: callsAround({ only: 'missed', line: clicked('line') }),
      },
    },
    range(
      ofPbx(
        fromEnough(recorded(RECORDINGS.lineMissedShare, LINE_WINDOW), recorded(RECORDINGS.lineOffered, LINE_WINDOW)),
      ),
      `{{line}}${OF_PBX}`,
    ),
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
