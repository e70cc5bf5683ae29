// CSV rows: reading one back gives the written values, and no cell is a formula.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CSV_COLUMNS,
  CSV_HEADER,
  csvRow,
  FLEET_CSV_HEADER,
  fleetCsvRow,
  fleetMissedCallerRow,
  missedCallerRow,
} from '../../../src/query/callCsv.ts'
import { FLEET_SHAPES } from '../../../src/query/fleetSchema.ts'
import { localInstants } from '../../../src/query/localInstant.ts'
import type { CallEntry } from '../../../src/query/schema.ts'
import { missedCaller } from '../http/client/entries.ts'
import { parseCsv } from '../http/csv.ts'

const CALL: CallEntry = {
  id: 1,
  channel_id: '1.1',
  caller: '',
  caller_name: '',
  callee: '',
  direction: 'inbound',
  status: 'completed',
  disposition: 'answered',
  missed: false,
  start_time: '2026-03-04T05:06:07.089Z',
  answer_time: null,
  end_time: null,
  duration: 1.5,
  ring_seconds: null,
  answer_delay: 0,
  hold_seconds: 0,
  hangup_by: null,
  cause: 16,
  cause_text: null,
  queue: null,
  queue_wait: null,
  answered_by: ['101', '102'],
  trunk: null,
  transfers: 0,
  merged_into: null,
  tried: [
    { endpoint: '103', result: 'busy' },
    { endpoint: '=104', result: null },
  ],
  offered: true,
  voice_problem: null,
  sip_call_id: 'a84b4c76e66710@pc33.example.com',
  recording: null,
  returned_by: null,
  returned_after: null,
  line: null,
  destination_class: null,
  destination_country: null,
}

const NAME = CSV_HEADER.trim().split(',').indexOf('caller_name')

function written(name: string): string | undefined {
  const row = csvRow({ ...CALL, caller_name: name })
  const [cells = []] = parseCsv(row)
  expect(cells).toHaveLength(35)
  return cells[NAME]
}

test('a row', () => {
  expect([...CSV_COLUMNS]).toEqual(Object.keys(CALL))
  expect(CSV_HEADER.endsWith('\r\n')).toBe(true)
  expect(csvRow(CALL)).toBe(
    '1,1.1,,,,inbound,completed,answered,false,2026-03-04T05:06:07.089Z,,,1.5,,0,0,,16,,,,101 102,,0,,103:busy =104:,true,,a84b4c76e66710@pc33.example.com,,,,,,\r\n',
  )
})

test('every instant of a row is of the time zone', () => {
  const local = localInstants('Europe/Helsinki')
  const [start, local_start] = ['2026-03-04T05:06:07.089Z', '2026-03-04T07:06:07+02:00']
  const ended = { ...CALL, answer_time: start, end_time: start }
  const caller = {
    ...missedCaller(1),
    first_miss_time: start,
    last_miss_time: start,
    untried_since: start,
    closed_time: start,
  }
  const [call, fleetCall] = [
    csvRow(ended, local),
    fleetCsvRow({ ...ended, id: 'l.1', returned_by: null, site: 'n' }, local),
  ]
  const missed = missedCallerRow(caller, local)
  const fleetMissed = fleetMissedCallerRow({ ...caller, id: 'l.1', closed_by_call: null, site: 'n' }, local)
  for (const [row, count] of [
    [call, 3],
    [fleetCall, 3],
    [missed, 4],
    [fleetMissed, 4],
  ] as const) {
    expect(row.split(local_start)).toHaveLength(count + 1)
    expect(row).not.toContain('Z')
  }
})

test('a row of a central call log has the columns of one exporter, then the site, and its entry the answer’s schema', () => {
  const entry = { ...CALL, id: 'log.1', returned_by: 'log.2', site: '=north' }
  expect(FLEET_SHAPES['CallEntry']?.safeParse(entry).error).toBeUndefined()
  expect(FLEET_CSV_HEADER).toBe(CSV_HEADER.replace('\r\n', ',site\r\n'))
  const own = csvRow({ ...CALL, returned_by: 2 })
  expect(fleetCsvRow(entry)).toBe(`log.${own.replace(',2,,,,\r\n', ",log.2,,,,,'=north\r\n")}`)
})

test.each([
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+1-1', "'+1-1"],
  ['-2+3', "'-2+3"],
  [' =1', "' =1"],
  ['\t=1', "'\t'=1"],
  ['\r=1', "'\r'=1"],
  ['x\n=1', "x\n'=1"],
  ['x;=1', "x;'=1"],
  ['x,=1', "x,'=1"],
  ['＝1', "'＝1"],
  ['+358401234567', '+358401234567'],
  ['-5', '-5'],
  ['a=b', 'a=b'],
  ['o\'neil, "jim"\r\nx', 'o\'neil, "jim"\r\nx'],
  ['Ünï 😀', 'Ünï 😀'],
])('%j is written as %j', (name, cell) => {
  expect(written(name)).toBe(cell)
})

test('property: every value is read back, except for added apostrophes', () => {
  const piece = fc.oneof(
    fc.constantFrom('=', '+', '-', '@', '"', ',', ';', '\r', '\n', '\t', ' ', "'", '＝'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const name = pieces.join('')
      const cell = written(name) ?? ''
      expect(cell.replaceAll("'", '')).toBe(name.replaceAll("'", ''))
      if (!/^[+-]?\d+$/.test(cell)) {
        expect(cell).not.toMatch(/(^|[;,\t\r\n])\s*[=+\-@＝＋－＠]/)
      }
    }),
    { numRuns: 2000 },
  )
})
