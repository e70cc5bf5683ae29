// The panels of the board "Operators" about time: how long each phone was staffed, and what for.
//
// Staffed is a phone that takes calls: neither paused nor offline. Occupancy is the share of that time in which it rings, its user talks,
// or is in wrap-up. What is counted begins with the exporter's process; without a session nothing is.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import type { OperatorState } from '../../src/staffing/operatorStates.ts'
import { callsBehind, clicked } from '../addresses.ts'
import { bars } from '../panels/bars.ts'
import { type Column, table } from '../panels/table.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, increase, series, share, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant } from '../targets.ts'

const SCOPE = { operator: '$operator' } as const
const PER_PHONE = ['instance', 'operator']
const BUSY: readonly OperatorState[] = ['ringing', 'talking', 'wrapup']
const STAFFED: readonly OperatorState[] = ['idle', ...BUSY]

/** Staffed seconds of an hour below which no occupancy is shown. */
const STAFFED_ENOUGH = 600

function secondsIn(...states: readonly OperatorState[]): string {
  return series(CATALOGUE.operatorSeconds, { ...SCOPE, state: states })
}

function time(name: string, ...states: readonly OperatorState[]): Column {
  return { name, unit: 'clock', width: 75, expression: countOverRange(secondsIn(...states), PER_PHONE) }
}

/** A row for each phone: its time by state, and its occupancy. */
export function timeByState() {
  const [busy, staffed] = [BUSY, STAFFED].map((states) => sum(increase(secondsIn(...states), '$__range'), PER_PHONE))
  return table({
    title: 'Staffed time, by operator',
    description:
      'Time by state within the time range: staffed is neither paused nor offline, occupancy the share of it in ringing, talking and wrap-up; while agents are not asked for (ARI_QUESTIONS_PER_SECOND=0), nobody is paused or in wrap-up.',
    unit: 'short',
    keys: { instance: 'PBX', operator: 'Operator' },
    sortBy: ['Occupancy'],
    more: {
      Operator: {
        title: 'Call log: calls of this phone',
        url: callsBehind({ operator: `\${__value.raw:percentencode}` }),
      },
    },
    columns: [
      time('Staffed', ...STAFFED),
      {
        name: 'Occupancy',
        unit: 'percentunit',
        decimals: 0,
        width: 110,
        expression: share(busy ?? '', staffed ?? ''),
      },
      time('Talking', 'talking'),
      time('Ringing', 'ringing'),
      time('Wrap-up', 'wrapup'),
      time('Paused', 'paused'),
    ],
  })
}

/** The phones that are occupied most. */
export function highestOccupancy() {
  const staffed = recorded(RECORDINGS.operatorStaffed, '1h', SCOPE)
  const occupancy = `(${recorded(RECORDINGS.operatorOccupancy, '1h', SCOPE)} and ${staffed} >= ${STAFFED_ENOUGH})`
  return bars(
    {
      title: 'Highest occupancy, last hour',
      description: `The ten phones with the largest share of their staffed time in ringing, talking and wrap-up; only those that were staffed for ${STAFFED_ENOUGH / 60} minutes.`,
      unit: 'percentunit',
      click: { title: 'Call log: calls of this phone', url: callsBehind({ operator: clicked('operator') }) },
    },
    instant(ofPbx(`topk(10, ${occupancy})`), `{{operator}}${OF_PBX}`),
  )
}
