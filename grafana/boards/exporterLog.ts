// The writing of the call log, a part of the exporter's board: what waits for the disk, how long it takes, what fails.
//
// The counts of the log and those of the metrics have to agree at each moment; a figure here says whether they do.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { PERCENTILE_COLORS } from '../colors.ts'
import { ofScraped } from '../known.ts'
import type { Section } from '../layout.ts'
import { equalWidths } from '../layout.ts'
import { barsOverTime, graph, percentiles } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { buckets, countOverRange, increase, max, quantile, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'

const PER_PBX = '{{instance}}'
const EACH_PBX = ['instance']

/** Whether the call log is written, and agrees with what was counted. */
export function callLogNow() {
  return [rowsNow(), pending(), difference(), writeErrorsNow()]
}

/** How the call log is written. */
export function callLogSection(): Section {
  return {
    title: 'Call log',
    rows: [equalWidths(8, backlog(), writes(), writeErrors()), equalWidths(6, walSize(), droppedLines())],
  }
}

function pending() {
  return stat(
    {
      title: 'Not yet on disk',
      description: 'Ended calls that wait for the disk.',
      unit: 'short',
      steps: higherIsWorse({ warning: 100, critical: 10_000 }),
    },
    instant(max(series(CATALOGUE.calllogPending), EACH_PBX), PER_PBX),
  )
}

function rowsNow() {
  return stat(
    { title: 'Calls in the log', description: 'Calls that ever ended in the log, pruned ones included.', unit: 'none' },
    instant(max(series(CATALOGUE.calllogRows), EACH_PBX), PER_PBX),
  )
}

function difference() {
  const { calllogRows, calllogPending, calls } = CATALOGUE
  return stat(
    {
      title: 'Counted, not logged',
      description:
        'Calls counted, less those in the log and those on the way to it: always 0, for both are written from the same facts.',
      unit: 'none',
      words: { 0: ['0, they agree', 'green'] },
      steps: ['red'],
    },
    instant(
      `${sum(series(calls), EACH_PBX)} - ${sum(series(calllogRows), EACH_PBX)} - ${sum(series(calllogPending), EACH_PBX)}`,
      PER_PBX,
    ),
  )
}

function writeErrorsNow() {
  return stat(
    {
      title: 'Write errors',
      description: 'Transactions of the call log that failed in the span, for each exporter.',
      unit: 'short',
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(ofScraped(countOverRange(series(CATALOGUE.calllogWriteErrors), EACH_PBX)), PER_PBX),
  )
}

function backlog() {
  return graph(
    {
      title: 'Calls waiting for the disk',
      description: 'Ended calls that are not yet on disk.',
      unit: 'short',
      figures: ['lastNotNull', 'max'],
    },
    range(sum(series(CATALOGUE.calllogPending), EACH_PBX), PER_PBX),
  )
}

function writes() {
  const of = buckets(CATALOGUE.calllogWrite)
  return percentiles(
    {
      title: 'Transactions of the call log',
      description: 'How long they take: half of them less than p50, 99 of 100 less than p99.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.99, { of }), 'p99'),
  )
}

function writeErrors() {
  return barsOverTime(
    {
      title: 'Failed transactions',
      description: 'Transactions of the call log that failed within each step, by reason; they are tried again.',
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
      description: 'Its size, which grows while another program keeps a reading transaction of the call log open.',
      unit: 'bytes',
      figures: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.calllogWal), EACH_PBX), PER_PBX),
  )
}

function droppedLines() {
  return stat(
    {
      title: 'Dropped log lines',
      description:
        "Lines of the program's own log that were dropped in the span because their output did not take them, for each exporter.",
      unit: 'short',
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(ofScraped(countOverRange(series(CATALOGUE.logLinesDropped), EACH_PBX)), PER_PBX),
  )
}
