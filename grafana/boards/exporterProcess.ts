// The exporter's process, the lower part of its board: event loop, CPU, memory, and scrapes.
//
// From the metrics of the runtime and of Prometheus, not of the exporter.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import type { Section } from '../layout.ts'
import { equalWidths } from '../layout.ts'
import { RUNTIME, SCRAPE } from '../otherMetrics.ts'
import { graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { max, rate, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { EVENT_LOOP_DELAY_SECONDS } from '../thresholds.ts'

const PER_PBX = '{{instance}}'
const EACH_PBX = ['instance']

/** The process and its scrapes. */
export function processSection(): Section {
  return {
    title: 'Process and scrape',
    rows: [
      equalWidths(8, loop(), cpu(), memory()),
      equalWidths(8, scrapes(), samples(), files()),
      equalWidths(4, overflow()),
    ],
  }
}

function overflow() {
  return stat(
    {
      title: 'Names counted as other',
      description:
        'Distinct names beyond the limit of each label since the exporter’s start; raise LABEL_LIMIT, or LABEL_LIMIT_PHONES, if they matter.',
      unit: 'short',
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(sum(series(CATALOGUE.labelOverflow), ['label']), '{{label}}'),
  )
}

function loop() {
  return graph(
    {
      title: 'Delay of the event loop, p99',
      description: '99th percentile of the event loop’s delay since the previous scrape.',
      unit: 's',
      steps: ['transparent', [EVENT_LOOP_DELAY_SECONDS, 'red']],
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(RUNTIME.loopDelay), EACH_PBX), PER_PBX),
  )
}

function cpu() {
  return graph(
    {
      title: 'CPU',
      description: 'Share of one core.',
      unit: 'percentunit',
      calculations: ['mean', 'max'],
    },
    range(sum(rate(series(RUNTIME.cpu)), EACH_PBX), PER_PBX),
  )
}

function memory() {
  return graph(
    {
      title: 'Memory',
      description: 'Memory of the process (RSS), and the used part of the JavaScript heap.',
      unit: 'bytes',
      calculations: ['lastNotNull', 'max'],
    },
    range(sum(series(RUNTIME.memory), EACH_PBX), 'RSS {{instance}}'),
    range(sum(series(RUNTIME.heap), EACH_PBX), 'heap {{instance}}'),
  )
}

function scrapes() {
  return graph(
    {
      title: 'Duration of a scrape',
      description: 'Seconds that Prometheus needed for a scrape of /metrics.',
      unit: 's',
      calculations: ['mean', 'max'],
    },
    range(max(series(SCRAPE.seconds), EACH_PBX), PER_PBX),
  )
}

function samples() {
  return graph(
    {
      title: 'Series of a scrape',
      description: 'Number of samples on /metrics; it depends on the number of queues, trunks, phones and operators.',
      unit: 'short',
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(SCRAPE.samples), EACH_PBX), PER_PBX),
  )
}

function files() {
  return graph(
    {
      title: 'Open files and sockets',
      description: 'Open file descriptors of the process.',
      unit: 'short',
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(RUNTIME.openFiles), EACH_PBX), PER_PBX),
  )
}
