// The exporter's process, the lower part of its board: delay, memory, CPU, and how it is scraped.
//
// What the runtime and Prometheus tell of the process, not what the process tells of calls.

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

/** How the process is, and what its scrapes cost. */
export function processSection(): Section {
  return {
    title: 'Process and scrape',
    rows: [
      equalWidths(8, loop(), cpu(), memory()),
      equalWidths(8, scrapes(), samples(), files()),
      equalWidths(4, folded()),
    ],
  }
}

function folded() {
  return stat(
    {
      title: 'Names counted as other',
      description:
        'Distinct names beyond the limit of each label, since the exporter’s start; raise LABEL_LIMIT when they matter.',
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
      description: 'How long the exporter’s own work was held up since the scrape before, 99th percentile.',
      unit: 's',
      steps: ['transparent', [EVENT_LOOP_DELAY_SECONDS, 'red']],
      figures: ['lastNotNull', 'max'],
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
      figures: ['mean', 'max'],
    },
    range(sum(rate(series(RUNTIME.cpu)), EACH_PBX), PER_PBX),
  )
}

function memory() {
  return graph(
    {
      title: 'Memory',
      description: 'Memory of the process (RSS), and the part of it that JavaScript’s values take.',
      unit: 'bytes',
      figures: ['lastNotNull', 'max'],
    },
    range(sum(series(RUNTIME.memory), EACH_PBX), 'RSS {{instance}}'),
    range(sum(series(RUNTIME.heap), EACH_PBX), 'heap {{instance}}'),
  )
}

function scrapes() {
  return graph(
    {
      title: 'Duration of a scrape',
      description: 'How long Prometheus took to fetch /metrics.',
      unit: 's',
      figures: ['mean', 'max'],
    },
    range(max(series(SCRAPE.seconds), EACH_PBX), PER_PBX),
  )
}

function samples() {
  return graph(
    {
      title: 'Series of a scrape',
      description:
        'How many samples /metrics has, which grows only with the queues, trunks, phones and operators that there are.',
      unit: 'short',
      figures: ['lastNotNull', 'max'],
    },
    range(max(series(SCRAPE.samples), EACH_PBX), PER_PBX),
  )
}

function files() {
  return graph(
    {
      title: 'Open files and sockets',
      description: 'What the process holds open.',
      unit: 'short',
      figures: ['lastNotNull', 'max'],
    },
    range(max(series(RUNTIME.openFiles), EACH_PBX), PER_PBX),
  )
}
