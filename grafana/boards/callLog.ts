// The call log: a row for each call of the time range, with a link to its details on the exporter's page.
//
// The only board that needs a plugin (Infinity), and the only one with phone numbers of callers, which are never in metrics.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { DIRECTIONS } from '../../src/call/event.ts'
import { DISPOSITIONS } from '../../src/call/fact.ts'
import { BOARDS, EXPORTER_PAGE } from '../addresses.ts'
import { DIRECTION_COLORS, OPERATOR_COLORS, OUTCOME_COLORS, STATE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { equalWidths, row } from '../layout.ts'
import { type ApiQuery, apiStat, apiTable } from '../panels/callLogPanel.ts'
import { lowerIsWorse } from '../panels/panelOptions.ts'
import { MISSED_SLOW_SHARE } from '../thresholds.ts'
import { callLogVariable, listVariable, oneOfVariable, textVariable } from '../variables.ts'

const RANGE = { from: `\${__from:date:iso}`, to: `\${__to:date:iso}` } as const
const OF_RANGE: ApiQuery = { path: '/api/stats', parameters: RANGE, rows: '' }

/** The board. */
export function callLog(): Dashboard {
  return dashboard({
    uid: BOARDS.callLog,
    title: 'Asterisk / Call log',
    description: 'Single calls from the exporter’s call log. Needs the data source plugin Infinity.',
    from: 'now-6h',
    withoutPrometheus: true,
    variables: variables(),
    sections: [
      {
        rows: [
          equalWidths(
            4,
            figure('Calls, total', 'calls', 'Calls that began within the time range.'),
            figure('Answered, total', 'answered', 'Calls of the time range that a person answered.'),
            apiStat(
              {
                title: 'Answered share',
                description: 'Answered calls per offered call.',
                unit: 'percentunit',
                decimals: 0,
                steps: lowerIsWorse({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_SLOW_SHARE }),
              },
              OF_RANGE,
              'answered_share',
            ),
            duration('Average talk time', 'average_talk_seconds', 'Average conversation time of answered calls.'),
            apiStat(
              {
                title: 'Average answer delay',
                description: 'Average time until a person answered, of answered calls.',
                unit: 's',
                decimals: 1,
              },
              OF_RANGE,
              'average_answer_delay_seconds',
            ),
            duration(
              'Longest queue wait',
              'longest_queue_wait_seconds',
              'The longest time that a caller waited in a queue.',
            ),
          ),
          equalWidths(18, rows()),
          row(9, [13, inProgress()], [11, phones()]),
        ],
      },
    ],
  })
}

function variables() {
  return [
    callLogVariable(),
    oneOfVariable({ name: 'only', label: 'Only', description: 'Only missed calls, or only other calls.' }, [
      // Grafana accepts no option without a value.
      { text: 'all', value: 'order=newest' },
      { text: 'missed', value: 'missed=true' },
      { text: 'not missed', value: 'missed=false' },
    ]),
    listVariable(
      { name: 'direction', label: 'Direction', description: 'Direction of calls, as seen from the PBX.' },
      DIRECTIONS,
      DIRECTIONS.join(','),
    ),
    listVariable(
      {
        name: 'disposition',
        label: 'Ended',
        description: 'Dispositions. Active calls have none and are not listed.',
      },
      DISPOSITIONS,
      DISPOSITIONS.join(','),
    ),
    textVariable(
      { name: 'number', label: 'Number', description: 'Part of the number of caller or callee; empty: any.' },
      '',
    ),
    textVariable(
      {
        name: 'operator',
        label: 'Operator',
        description: 'The phone that the call was offered to or made from; empty: any.',
      },
      '',
    ),
    textVariable(
      { name: 'queue', label: 'Queue', description: 'The queue that the caller waited in; empty: any.' },
      '',
    ),
    textVariable({ name: 'trunk', label: 'Trunk', description: 'The trunk of the call; empty: any.' }, ''),
    textVariable({ name: 'line', label: 'Line', description: 'The line that was called; empty: any.' }, ''),
    textVariable(
      {
        name: 'destination',
        label: 'Destination',
        description: 'Kinds of numbers that were dialed on a trunk; empty: any.',
      },
      '',
    ),
    textVariable({ name: 'country', label: 'Country', description: 'The country that was called; empty: any.' }, ''),
    textVariable(
      {
        name: 'exporter',
        label: 'Exporter’s page',
        description: 'Address of the exporter for your browser, for the links of rows.',
      },
      EXPORTER_PAGE,
    ),
  ]
}

function figure(title: string, field: string, description: string) {
  return apiStat({ title, description, unit: 'none' }, OF_RANGE, field)
}

function duration(title: string, field: string, description: string) {
  return apiStat({ title, description, unit: 'clock' }, OF_RANGE, field)
}

function rows() {
  return apiTable(
    {
      title: 'Calls, the newest first',
      description:
        'Calls that began within the time range and match the selection, 200 at most; Start links to the call’s details on the exporter’s page.',
      unit: 'string',
    },
    {
      path: `/api/calls?\${only:raw}`,
      parameters: {
        ...RANGE,
        direction: `\${direction:csv}`,
        disposition: `\${disposition:csv}`,
        text: `\${number}`,
        operator: `\${operator}`,
        queue: `\${queue}`,
        trunk: `\${trunk}`,
        line: `\${line}`,
        destination: `\${destination}`,
        country: `\${country}`,
        limit: '200',
      },
      rows: 'calls',
    },
    [
      {
        field: 'start_time',
        heading: 'Start',
        type: 'timestamp',
        unit: 'dateTimeAsIso',
        width: 160,
        link: { title: 'Details of the call', url: `\${exporter}/#call=\${__data.fields.Call}` },
      },
      { field: 'direction', heading: 'Direction', type: 'string', width: 100, colors: DIRECTION_COLORS },
      { field: 'caller', heading: 'Caller', type: 'string', width: 115 },
      { field: 'caller_name', heading: 'Name', type: 'string' },
      { field: 'callee', heading: 'Callee', type: 'string', width: 115 },
      { field: 'disposition', heading: 'Ended', type: 'string', width: 105, colors: OUTCOME_COLORS },
      { field: 'answer_delay', heading: 'Waited', type: 'number', unit: 'clock', width: 85 },
      { field: 'duration', heading: 'Talked', type: 'number', unit: 'clock', width: 85 },
      { field: 'queue', heading: 'Queue', type: 'string', width: 90 },
      { field: 'trunk', heading: 'Trunk', type: 'string', width: 85 },
      { field: 'hangup_by', heading: 'Hung up', type: 'string', width: 95 },
      { field: 'cause_text', heading: 'Cause', type: 'string' },
      { field: 'channel_id', heading: 'Call', type: 'string', hidden: true },
    ],
  )
}

function inProgress() {
  return apiTable(
    {
      title: 'List of active calls',
      description: 'Active calls, the oldest first, independent of the time range.',
      unit: 'string',
    },
    { path: '/api/calls/active', parameters: { limit: '200' }, rows: 'calls' },
    [
      { field: 'start_time', heading: 'Start', type: 'timestamp', unit: 'dateTimeAsIso', width: 150 },
      { field: 'direction', heading: 'Direction', type: 'string', width: 100, colors: DIRECTION_COLORS },
      { field: 'state', heading: 'State', type: 'string', width: 80, colors: STATE_COLORS },
      { field: 'caller', heading: 'Caller', type: 'string' },
      { field: 'callee', heading: 'Callee', type: 'string' },
      { field: 'queue', heading: 'Queue', type: 'string', width: 80 },
      { field: 'trunk', heading: 'Trunk', type: 'string', width: 80 },
    ],
  )
}

function phones() {
  return apiTable(
    {
      title: 'Phones in the log',
      description: 'Calls offered to each phone, how they ended, and its current state.',
      unit: 'string',
    },
    { path: '/api/operators', parameters: RANGE, rows: 'operators' },
    [
      { field: 'operator', heading: 'Operator', type: 'string' },
      { field: 'state', heading: 'State', type: 'string', width: 90, colors: OPERATOR_COLORS },
      { field: 'offered', heading: 'Offered', type: 'number', unit: 'none', width: 95 },
      { field: 'answered', heading: 'Answered', type: 'number', unit: 'none', width: 105 },
      { field: 'missed', heading: 'Missed', type: 'number', unit: 'none', width: 90 },
      { field: 'talk_seconds', heading: 'Talked', type: 'number', unit: 'clock', width: 90 },
    ],
  )
}
