// Capacity, a part of the board "Trunks and endpoints": how much of what TRUNK_CHANNELS says is in use, at most, and left over.
//
// Calls of both directions occupy a channel. Asterisk knows no capacity: without the setting the panels say so.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsAround, clicked } from '../addresses.ts'
import { known } from '../known.ts'
import { equalWidths, row, type Section } from '../layout.ts'
import { graph } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { grouping, max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { TRUNK_FULL_SHARE, TRUNK_NEARLY_FULL_SHARE } from '../thresholds.ts'

const SELECTED = { trunk: '$trunk' } as const
const EACH = ['job', 'instance', 'trunk']
const EACH_TRUNK = `{{trunk}}${OF_PBX}`
const NOT_SET = 'not known: set TRUNK_CHANNELS'
const FULL = 1
const TO_TRUNK = {
  title: 'Call log: calls of this trunk around that time',
  url: callsAround({ trunk: clicked('trunk') }),
}

/** Use, peaks and headroom. */
export function capacitySection(): Section {
  return {
    title: 'Capacity',
    rows: [
      equalWidths(4, useNow(), headroom(), fullLately()),
      row(9, [12, atATime()], [12, useOverTime()]),
      row(8, [16, capacities()], [8, headroomOverTime()]),
    ],
  }
}

function useNow() {
  return stat(
    {
      title: 'Fullest trunk now',
      description: 'The largest share of its channels that a trunk uses now.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
      none: NOT_SET,
      steps: ['green', [TRUNK_NEARLY_FULL_SHARE, 'orange'], [FULL, 'red']],
    },
    instant(`topk(1, ${max(known(recorded(RECORDINGS.trunkUse, '', SELECTED)), ['trunk'])})`, '{{trunk}}'),
  )
}

function headroom() {
  return stat(
    {
      title: 'Least headroom, last day',
      description:
        'How many more calls a trunk could have carried when it carried the most, of the last day: the smallest.',
      unit: 'short',
      named: true,
      none: NOT_SET,
      steps: ['red', [1, 'green']],
    },
    instant(`bottomk(1, min by (trunk) (${known(recorded(RECORDINGS.trunkHeadroom, '1d', SELECTED))}))`, '{{trunk}}'),
  )
}

function fullLately() {
  return stat(
    {
      title: 'Full, last hour',
      description:
        'The largest share of the last hour in which a trunk had no free channel: the share of calls that found none.',
      unit: 'percentunit',
      decimals: 1,
      named: true,
      none: NOT_SET,
      steps: ['green', [0.01, 'orange'], [TRUNK_FULL_SHARE, 'red']],
    },
    instant(
      `topk(1, ${max(known(ofLimited(recorded(RECORDINGS.trunkFull, '1h', SELECTED))), ['trunk'])})`,
      '{{trunk}}',
    ),
  )
}

function atATime() {
  return graph(
    {
      title: 'Most calls at once, and channels, by trunk',
      description:
        'The largest number of simultaneous seizures within each step, and how many each trunk can carry (TRUNK_CHANNELS).',
      unit: 'short',
      decimals: 0,
      stepped: true,
      points: 48,
      calculations: ['max'],
      click: TO_TRUNK,
    },
    range(ofPbx(`max_over_time(${recorded(RECORDINGS.trunkCalls, '', SELECTED)}[$__interval])`), EACH_TRUNK),
    range(ofPbx(max(series(CATALOGUE.trunkCapacity, SELECTED), EACH)), `{{trunk}} channels${OF_PBX}`),
  ).overrideByRegexp('/ channels/', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } }])
}

function useOverTime() {
  return graph(
    {
      title: 'Use of channels, by trunk',
      description: `The largest share of its channels that each trunk used within each step; the alert fires at ${TRUNK_NEARLY_FULL_SHARE * 100} % on average of five minutes.`,
      unit: 'percentunit',
      stepped: true,
      points: 48,
      none: NOT_SET,
      steps: ['transparent', [TRUNK_NEARLY_FULL_SHARE, 'red']],
      calculations: ['max'],
    },
    range(ofPbx(`max_over_time(${recorded(RECORDINGS.trunkUse, '', SELECTED)}[$__interval])`), EACH_TRUNK),
  )
}

function capacities() {
  const keys = ['instance', 'trunk']
  const column = (name: string, width: number, expression: string) => ({
    name,
    unit: 'short' as const,
    decimals: 0,
    width,
    expression,
  })
  const ofTrunk = (expression: string) => max(ofLimited(expression), keys)
  return table({
    title: 'Channels, peaks and headroom',
    description:
      'Trunks of TRUNK_CHANNELS: channels, most calls at once in the last hour and day, and how many more it could have carried then.',
    unit: 'short',
    keys: { instance: 'PBX', trunk: 'Trunk' },
    sortBy: ['+Free, 1d'],
    none: NOT_SET,
    columns: [
      column('Channels', 90, max(series(CATALOGUE.trunkCapacity, SELECTED), keys)),
      column('Now', 80, sum(known(ofLimited(series(CATALOGUE.trunkCallsActive, SELECTED))), keys)),
      column('Peak, 1h', 85, ofTrunk(recorded(RECORDINGS.trunkPeak, '1h', SELECTED))),
      column('Peak, 1d', 85, ofTrunk(recorded(RECORDINGS.trunkPeak, '1d', SELECTED))),
      column('Free, 1h', 85, max(recorded(RECORDINGS.trunkHeadroom, '1h', SELECTED), keys)),
      column('Free, 1d', 95, max(recorded(RECORDINGS.trunkHeadroom, '1d', SELECTED), keys)),
    ],
  })
}

function headroomOverTime() {
  return graph(
    {
      title: 'Headroom, by trunk',
      description: 'How many more calls each trunk could have carried at the fullest moment of five minutes.',
      unit: 'short',
      decimals: 0,
      stepped: true,
      points: 48,
      none: NOT_SET,
    },
    range(ofPbx(recorded(RECORDINGS.trunkHeadroom, '5m', SELECTED)), EACH_TRUNK),
  )
}

// Of trunks that have a capacity.
function ofLimited(expression: string): string {
  return `${expression} and ${grouping('on', EACH)} ${series(CATALOGUE.trunkCapacity)}`
}
