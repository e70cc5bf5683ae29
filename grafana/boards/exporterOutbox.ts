// The outbox, a part of the exporter's board: ended calls on their way to the central call log and to webhooks.
//
// Series exist only for the sinks that are configured (CALL_LOG_SINK, WEBHOOK_URL).

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { ofScraped } from '../known.ts'
import { equalWidths, type Section } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { countOverRange, few, increase, max, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { OUTBOX_LATE_SECONDS, OUTBOX_STUCK_SECONDS } from '../thresholds.ts'

const NO_SINK = 'no sink is configured'
const EACH_SINK = ['instance', 'sink']
const PER_SINK = '{{sink}} {{instance}}'

/** The section. */
export function outboxSection(): Section {
  return {
    title: 'Outbox: central call log, webhooks',
    rows: [equalWidths(7, age(), waiting(), shipped()), equalWidths(6, failures(), refused(), dropped())],
  }
}

function age() {
  return graph(
    {
      title: 'Age of the outbox',
      description:
        'Seconds that the oldest entry has waited for its sink; more for long means that the sink takes nothing.',
      unit: 's',
      none: NO_SINK,
      steps: ['transparent', [OUTBOX_LATE_SECONDS, 'orange'], [OUTBOX_STUCK_SECONDS, 'red']],
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.outboxOldest), EACH_SINK), PER_SINK),
  )
}

function waiting() {
  return graph(
    {
      title: 'Entries of the outbox',
      description: 'Ended calls and changes of missed callers that are not delivered yet, by sink.',
      unit: 'short',
      decimals: 0,
      none: NO_SINK,
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.outboxRows), EACH_SINK), PER_SINK),
  )
}

function shipped() {
  return barsOverTime(
    {
      title: 'Delivered entries',
      description: 'Entries that were delivered within each step, by sink.',
      unit: 'short',
      none: NO_SINK,
    },
    range(`${sum(increase(series(CATALOGUE.outboxShipped)), ['sink'])} > 0`, '{{sink}}'),
  )
}

function failures() {
  return barsOverTime(
    {
      title: 'Failed deliveries',
      description:
        'Failed attempts to deliver within each step, by reason; they are tried again, except after `copied`.',
      unit: 'short',
      interval: '5m',
    },
    range(`${sum(increase(series(CATALOGUE.outboxFailures)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function refused() {
  return stat(
    {
      title: 'Refused entries',
      description:
        'Entries that a sink will never take, within the time range: they are set aside in the call log; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      none: NO_SINK,
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.outboxRefused), EACH_SINK))), PER_SINK),
  )
}

function dropped() {
  return stat(
    {
      title: 'Entries given up',
      description:
        'Entries that were removed undelivered within the time range, because they waited for too long; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      none: NO_SINK,
      steps: higherIsWorse({ warning: 1, critical: 1.5 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.outboxDropped), EACH_SINK))), PER_SINK),
  )
}
