// Causes and hang-ups, and a table of PBXs, the lower part of the board "Calls".
//
// Folded by default. Ratios of a single PBX are recorded ones.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { AS_SELECTED, callsAround, callsBehind } from '../addresses.ts'
import { CAUSE_COLORS, SIDE_COLORS } from '../colors.ts'
import { fromEnough } from '../known.ts'
import { equalWidths, type Section } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { barsOverTime } from '../panels/graph.ts'
import { lowerIsWorse, type Steps } from '../panels/panelOptions.ts'
import { table } from '../panels/table.ts'
import { countOverRange, increase, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'

const SELECTED_DIRECTION = { direction: '$direction' } as const
const HANGUPS = series(CATALOGUE.callHangups, SELECTED_DIRECTION)
const RATES: Steps = lowerIsWorse({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_FAST_SHARE })
const AROUND = { title: 'Call log: calls around this time', url: callsAround({ direction: AS_SELECTED }) }

/** Hang-up causes, and the sides that hung up. */
export function endSection(): Section {
  return { title: 'How they end', rows: [equalWidths(8, causes(), hangUps()), equalWidths(7, causesOfSpan())] }
}

/** A table of PBXs. */
export function pbxSection(): Section {
  return { title: 'On each PBX', rows: [equalWidths(5, pbxs()), equalWidths(7, directions())] }
}

function causes() {
  return barsOverTime(
    {
      title: 'Hang-up causes',
      description: 'Calls that ended within each bar, by class of their Q.850 cause.',
      unit: 'short',
      colors: CAUSE_COLORS,
      click: AROUND,
    },
    range(`${sum(increase(HANGUPS), ['cause_class'])} > 0`, '{{cause_class}}'),
  )
}

function hangUps() {
  return barsOverTime(
    {
      title: 'Who hung up',
      description:
        'Calls that ended within each bar, by the side that ended them: caller, called side, or the PBX itself.',
      unit: 'short',
      colors: SIDE_COLORS,
      click: AROUND,
    },
    range(`${sum(increase(HANGUPS), ['ended_by'])} > 0`, '{{ended_by}}'),
  )
}

function causesOfSpan() {
  const ways = series(CATALOGUE.callHangups, { ...SELECTED_DIRECTION, cause_class: { not: ['normal'] } })
  return bars(
    {
      title: 'Causes other than normal',
      description: 'Calls by class of their cause, the most frequent first, without normal clearing.',
      unit: 'short',
      colors: CAUSE_COLORS,
      click: { title: 'Call log: calls of the time range', url: callsBehind({ direction: AS_SELECTED }) },
    },
    instant(`sort_desc(${countOverRange(ways, ['cause_class'])} > 0)`, '{{cause_class}}'),
  )
}

function pbxs() {
  const offered = sum(recorded(RECORDINGS.offered, '$window'), ['job', 'instance'])
  return table({
    title: 'Calls of each PBX',
    description:
      'Over the selected window, in all directions: calls that began, answered calls per offered call, and average talk time.',
    unit: 'short',
    keys: { instance: 'PBX' },
    sortBy: ['Begun'],
    columns: [
      { name: 'Begun', unit: 'short', expression: rounded(recorded(RECORDINGS.started, '$window'), ['instance']) },
      {
        name: 'Answer rate',
        unit: 'percentunit',
        decimals: 0,
        steps: RATES,
        expression: sum(fromEnough(recorded(RECORDINGS.answerRate, '$window'), offered), ['instance']),
      },
      {
        name: 'Average talk time',
        unit: 'clock',
        expression: rounded(recorded(RECORDINGS.averageDuration, '$window'), ['instance']),
      },
    ],
  })
}

function directions() {
  const keys = ['instance', 'direction']
  const of = (record: Parameters<typeof recorded<'direction'>>[0]) => recorded(record, '$window', SELECTED_DIRECTION)
  return table({
    title: 'Calls of each PBX, by direction',
    description: 'Over the selected window: calls that began, answered calls per offered call, and average talk time.',
    unit: 'short',
    keys: { instance: 'PBX', direction: 'Direction' },
    sortBy: ['Begun'],
    columns: [
      { name: 'Begun', unit: 'short', expression: rounded(of(RECORDINGS.startedByDirection), keys) },
      {
        name: 'Answer rate',
        unit: 'percentunit',
        decimals: 0,
        steps: RATES,
        expression: sum(fromEnough(of(RECORDINGS.answerRateByDirection), of(RECORDINGS.offered)), keys),
      },
      {
        name: 'Average talk time',
        unit: 'clock',
        expression: rounded(of(RECORDINGS.averageDurationByDirection), keys),
      },
    ],
  })
}

function rounded(values: string, by: readonly string[]): string {
  return `round(${sum(values, by)})`
}
