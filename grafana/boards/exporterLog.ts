// The call log, a part of the exporter's board: calls that wait for the disk, transactions, errors.
//
// The counts of the call log and of the metrics must be equal at any time; a value here shows whether they are.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { PERCENTILE_COLORS } from '../colors.ts'
import { ofScraped } from '../known.ts'
import type { Section } from '../layout.ts'
import { equalWidths } from '../layout.ts'
import { barsOverTime, graph, percentiles } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOverRange, few, increase, max, quantile, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'

const PER_PBX = '{{instance}}'
const EACH_PBX = ['instance']

/** Whether the call log is written, and agrees with the metrics. */
export function callLogNow() {
  return [rowsNow(), pending(), difference(), writeErrorsNow()]
}

/** Details of the writing. */
export function callLogSection(): Section {
  return {
    title: 'Call log',
    rows: [
      equalWidths(8, backlog(), writes(), writeErrors()),
      equalWidths(6, walSize(), droppedLines(), displacedCallers()),
    ],
  }
}

function pending() {
  return stat(
    {
      title: 'Not yet on disk',
      description: 'Ended calls that wait to be written; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      steps: higherIsWorse({ warning: 100, critical: 10_000 }),
    },
    instant(few('highest', max(series(CATALOGUE.calllogPending), EACH_PBX)), PER_PBX),
  )
}

function rowsNow() {
  return stat(
    {
      title: 'Calls in the log',
      description: 'Ended calls ever written to the log, deleted ones included; of many PBXs the three with the most.',
      unit: 'none',
      rows: true,
    },
    instant(few('highest', max(series(CATALOGUE.calllogCallsWritten), EACH_PBX)), PER_PBX),
  )
}

function difference() {
  const { calllogCallsWritten, calllogPending, calls } = CATALOGUE
  return stat(
    {
      title: 'Counted, not logged',
      description:
        'Calls in the metrics against those in the log and those that wait to be written: the difference is always 0; of many PBXs the three with the most.',
      unit: 'none',
      rows: true,
      texts: { 0: ['0, equal', 'green'] },
      steps: ['red'],
    },
    instant(
      few(
        'highest',
        `abs(${sum(series(calls), EACH_PBX)} - ${sum(series(calllogCallsWritten), EACH_PBX)} - ${sum(series(calllogPending), EACH_PBX)})`,
      ),
      PER_PBX,
    ),
  )
}

function writeErrorsNow() {
  return stat(
    {
      title: 'Write errors',
      description:
        'Failed transactions of the call log within the time range, by exporter; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.calllogWriteErrors), EACH_PBX))), PER_PBX),
  )
}

function backlog() {
  return graph(
    {
      title: 'Calls waiting for the disk',
      description: 'Ended calls that wait to be written, by exporter.',
      unit: 'short',
      decimals: 0,
      calculations: ['lastNotNull', 'max'],
    },
    range(sum(series(CATALOGUE.calllogPending), EACH_PBX), PER_PBX),
  )
}

function writes() {
  const of = buckets(CATALOGUE.calllogWrite)
  return percentiles(
    {
      title: 'Transactions of the call log',
      description: 'Duration: half of the transactions take less than p50, 99 of 100 less than p99.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.99, { of }), 'p99'),
  )
}

function writeErrors() {
  return barsOverTime(
    {
      title: 'Failed transactions',
      description: 'Failed transactions of the call log within each step, by reason; they are tried again.',
      unit: 'short',
      interval: '5m',
    },
    range(`${sum(increase(series(CATALOGUE.calllogWriteErrors)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function walSize() {
  return graph(
    {
      title: 'Write-ahead log',
      description: 'Size of the write-ahead log; it grows while another program keeps a read transaction open.',
      unit: 'bytes',
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.calllogWal), EACH_PBX), PER_PBX),
  )
}

function droppedLines() {
  return stat(
    {
      title: 'Dropped log lines',
      description:
        "Lines of the exporter's own log that were dropped within the time range because their output did not accept them, by exporter; of many PBXs the three with the most.",
      unit: 'short',
      rows: true,
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.logLinesDropped), EACH_PBX))), PER_PBX),
  )
}

function displacedCallers() {
  return stat(
    {
      title: 'Missed callers expired early',
      description:
        'Missed callers that expired early within the time range, because more of them waited than the exporter keeps, by exporter; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.missedCallersDisplaced), EACH_PBX))), PER_PBX),
  )
}
