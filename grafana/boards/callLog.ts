// The call log: each call of the span as a row that leads to its story on the exporter's page.
//
// The only board that needs a plugin (Infinity) and the only one with numbers of callers: they are rows, never metrics.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { DIRECTIONS } from '../../src/call/event.ts'
import { DISPOSITIONS } from '../../src/call/fact.ts'
import { BOARDS, EXPORTER_PAGE } from '../addresses.ts'
import { DIRECTION_COLORS, OPERATOR_COLORS, OUTCOME_COLORS, STATE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { equalWidths, row } from '../layout.ts'
import { apiStat, apiTable, type Question } from '../panels/callLogPanel.ts'
import { lowerIsWorse } from '../panels/panelOptions.ts'
import { MISSED_SLOW_SHARE } from '../thresholds.ts'
import { callLogVariable, listVariable, oneOfVariable, textVariable } from '../variables.ts'

const SPAN = { from: `\${__from:date:iso}`, to: `\${__to:date:iso}` } as const
const OF_SPAN: Question = { path: '/api/stats', parameters: SPAN, rows: '' }

/** The board. */
export function callLog(): Dashboard {
  return dashboard({
    uid: BOARDS.callLog,
    title: 'Asterisk / Call log',
    description: 'The calls themselves, from the exporter’s call log. Needs the data source plugin Infinity.',
    from: 'now-6h',
    withoutPrometheus: true,
    variables: variables(),
    sections: [
      {
        rows: [
          equalWidths(
            4,
            figure('Calls, span', 'calls', 'Calls that began in the span, as the log has them.'),
            figure('Answered, span', 'answered', 'Calls of the span that a person answered.'),
            apiStat(
              {
                title: 'Answered share',
                description: 'Answered calls of those offered to somebody.',
                unit: 'percentunit',
                decimals: 0,
                steps: lowerIsWorse({ warning: 1 - MISSED_SLOW_SHARE / 2, critical: 1 - MISSED_SLOW_SHARE }),
              },
              OF_SPAN,
              'answered_share',
            ),
            duration(
              'Average talk time',
              'average_duration',
              'How long people talked in an answered call, on average.',
            ),
            apiStat(
              {
                title: 'Average answer delay',
                description: 'How long until an answered call was answered, on average.',
                unit: 's',
                decimals: 1,
              },
              OF_SPAN,
              'average_answer_delay',
            ),
            duration(
              'Longest queue wait',
              'longest_queue_wait',
              'How long the caller that waited longest was in a queue.',
            ),
          ),
          equalWidths(18, rows()),
          row(9, [13, live()], [11, phones()]),
        ],
      },
    ],
  })
}

function variables() {
  return [
    callLogVariable(),
    oneOfVariable({ name: 'only', label: 'Only', description: 'Only missed calls, or only the others.' }, [
      // Grafana takes no choice without a value.
      { text: 'all', value: 'order=newest' },
      { text: 'missed', value: 'missed=true' },
      { text: 'not missed', value: 'missed=false' },
    ]),
    listVariable(
      { name: 'direction', label: 'Direction', description: 'Where calls come from and go to, as seen from the PBX.' },
      DIRECTIONS,
      DIRECTIONS.join(','),
    ),
    listVariable(
      {
        name: 'disposition',
        label: 'Ended',
        description: 'How calls ended. With all of them chosen, live calls are left out.',
      },
      DISPOSITIONS,
      DISPOSITIONS.join(','),
    ),
    textVariable(
      { name: 'number', label: 'Number', description: 'A part of the caller’s or the callee’s number; empty: any.' },
      '',
    ),
    textVariable(
      {
        name: 'operator',
        label: 'Operator',
        description: 'The phone that calls were offered to, or began on; empty: any.',
      },
      '',
    ),
    textVariable(
      { name: 'queue', label: 'Queue', description: 'The queue that the caller waited in; empty: any.' },
      '',
    ),
    textVariable(
      { name: 'trunk', label: 'Trunk', description: 'The trunk that the call came by or left by; empty: any.' },
      '',
    ),
    textVariable(
      {
        name: 'exporter',
        label: 'Exporter’s page',
        description: 'Where your browser reaches the exporter: rows lead there.',
      },
      EXPORTER_PAGE,
    ),
  ]
}

function figure(title: string, field: string, description: string) {
  return apiStat({ title, description, unit: 'none' }, OF_SPAN, field)
}

function duration(title: string, field: string, description: string) {
  return apiStat({ title, description, unit: 'clock' }, OF_SPAN, field)
}

function rows() {
  return apiTable(
    {
      title: 'Calls, the newest first',
      description:
        'Calls that began in the span and ended as chosen, 200 at most; Start leads to the call’s story on the exporter’s page.',
      unit: 'string',
    },
    {
      path: `/api/calls?\${only:raw}`,
      parameters: {
        ...SPAN,
        direction: `\${direction:csv}`,
        disposition: `\${disposition:csv}`,
        text: `\${number}`,
        operator: `\${operator}`,
        queue: `\${queue}`,
        trunk: `\${trunk}`,
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
        link: { title: 'The call’s story', url: `\${exporter}/#call=\${__data.fields.Call}` },
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

function live() {
  return apiTable(
    {
      title: 'Calls that live now',
      description: 'The oldest first, whatever the span.',
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
      title: 'Phones in the log, span',
      description: 'What was offered to each phone, what became of it, and what it does now.',
      unit: 'string',
    },
    { path: '/api/operators', parameters: SPAN, rows: 'operators' },
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
