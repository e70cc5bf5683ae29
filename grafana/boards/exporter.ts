// The exporter itself: whether it is connected to Asterisk, keeps up with the events, writes the call log and is scraped.
//
// No other board has what the exporter missed: look here first if values look too good.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS } from '../addresses.ts'
import { PERCENTILE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { known, ofScraped, orDash } from '../known.ts'
import { equalWidths } from '../layout.ts'
import { RUNTIME } from '../otherMetrics.ts'
import { barsOverTime, graph, percentiles } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { buckets, countOverRange, few, increase, max, quantile, rate, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { BEHIND_SECONDS, EVENT_LAG_SECONDS } from '../thresholds.ts'
import { callLogNow, callLogSection } from './exporterLog.ts'
import { outboxSection } from './exporterOutbox.ts'
import { processSection } from './exporterProcess.ts'
import { questionsSection } from './exporterQuestions.ts'
import { DOWN } from './sharedText.ts'

const PER_PBX = '{{instance}}'
const EACH_PBX = ['instance']

/** The board. */
export function exporter(): Dashboard {
  return dashboard({
    uid: BOARDS.exporter,
    title: 'Asterisk / Exporter',
    description: 'Whether the exporter is connected to Asterisk, keeps up, writes the call log and is scraped.',
    from: 'now-6h',
    sections: [
      {
        rows: [
          equalWidths(4, session(), disconnectedNow(), asteriskVersion(), asteriskAge(), version(), age()),
          equalWidths(4, received(), ...callLogNow(), failedLogins()),
          equalWidths(6, sessions(), disconnected()),
          equalWidths(6, disconnects(), reconciled()),
        ],
      },
      {
        title: 'Events',
        rows: [
          equalWidths(8, events(), lag()),
          equalWidths(8, lagSpread(), malformed()),
          equalWidths(6, behind(), queued()),
        ],
      },
      questionsSection(),
      callLogSection(),
      outboxSection(),
      processSection(),
    ],
  })
}

function session() {
  return stat(
    {
      title: 'ARI session',
      description:
        'Whether each exporter has a session with its Asterisk and is in sync with it; of many PBXs three, those without one first.',
      unit: 'none',
      rows: true,
      texts: DOWN,
      none: 'NO DATA',
      filled: true,
    },
    instant(few('lowest', max(series(CATALOGUE.up), EACH_PBX)), PER_PBX),
  )
}

function asteriskVersion() {
  return stat(
    { title: 'Asterisk version', description: 'Version of each Asterisk.', unit: 'none', named: 'only' },
    instant(orDash(max(known(series(CATALOGUE.info)), ['version']), 'version'), '{{version}}'),
  )
}

function asteriskAge() {
  return stat(
    {
      title: 'Asterisk uptime',
      description: 'How long each Asterisk has been running; of many PBXs the three with the latest start.',
      unit: 's',
      decimals: 1,
      rows: true,
    },
    instant(few('lowest', `time() - ${max(known(series(CATALOGUE.startTime)), EACH_PBX)}`), PER_PBX),
  )
}

function disconnectedNow() {
  return stat(
    {
      title: 'No session, 1 h',
      description:
        'Share of the last hour in which the exporter had no session with Asterisk; of many PBXs the three with the most.',
      unit: 'percentunit',
      rows: true,
      decimals: 1,
      steps: higherIsWorse({ warning: 0.001, critical: 0.05 }),
    },
    instant(few('highest', ofScraped(recorded(RECORDINGS.disconnectedShare, '1h'))), PER_PBX),
  )
}

function version() {
  return stat(
    { title: 'Exporter version', description: 'Version of each exporter.', unit: 'none', named: 'only' },
    instant(orDash(max(series(CATALOGUE.buildInfo), ['version']), 'version'), '{{version}}'),
  )
}

function age() {
  return stat(
    {
      title: 'Exporter uptime',
      description: 'How long each exporter’s process has been running; of many PBXs the three with the latest start.',
      unit: 's',
      decimals: 1,
      rows: true,
    },
    instant(few('lowest', `time() - ${max(series(RUNTIME.startTime), EACH_PBX)}`), PER_PBX),
  )
}

function sessions() {
  return timeline(
    {
      title: 'Sessions over time',
      description: 'When each exporter had a session and was in sync; empty while the exporter was not scraped.',
      unit: 'none',
      texts: DOWN,
    },
    range(max(series(CATALOGUE.up), EACH_PBX), PER_PBX),
  )
}

function disconnected() {
  return graph(
    {
      title: 'Time without a session',
      description: 'Share of the time without a session, by exporter.',
      unit: 'percentunit',
      calculations: ['lastNotNull', 'max'],
    },
    range(sum(rate(series(CATALOGUE.disconnectedSeconds)), EACH_PBX), PER_PBX),
  )
}

function disconnects() {
  return barsOverTime(
    {
      title: 'Lost sessions and failed attempts',
      description: 'Ends of sessions, and failed attempts to open one, within each step by reason.',
      unit: 'short',
      interval: '5m',
    },
    range(`${sum(increase(series(CATALOGUE.disconnects)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function reconciled() {
  return barsOverTime(
    {
      title: 'Calls reconciled after a gap',
      description:
        'Calls compared with Asterisk after a gap or a restart: still active (kept), new (adopted) or gone (ended), within each step.',
      unit: 'short',
      interval: '5m',
      colors: { kept: 'green', adopted: 'blue', ended: 'orange' },
    },
    range(`${sum(increase(series(CATALOGUE.reconciledCalls)), ['outcome'])} > 0`, '{{outcome}}'),
  )
}

function events() {
  return barsOverTime(
    {
      title: 'Received events, by type',
      description: 'Events of Asterisk within each step; only types that occurred.',
      unit: 'short',
    },
    range(`${sum(increase(series(CATALOGUE.events)), ['type'])} > 0`, '{{type}}'),
  )
}

function lag() {
  const of = buckets(CATALOGUE.eventLag)
  return percentiles(
    {
      title: 'Event lag',
      description:
        'Seconds from the timestamp of an event to its receipt, which includes the difference of the clocks.',
      unit: 's',
      colors: PERCENTILE_COLORS,
      steps: ['transparent', [EVENT_LAG_SECONDS, 'red']],
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.5, { of }), 'p50'),
    range(quantile(0.99, { of }), 'p99'),
    range(recorded(RECORDINGS.eventLag, '5m'), 'p95 of 5 min {{instance}}'),
  )
}

function lagSpread() {
  return heatmap(
    {
      title: 'Event lag, all events',
      description: 'Number of events within each step, by lag.',
      unit: 's',
    },
    CATALOGUE.eventLag,
  )
}

function behind() {
  return graph(
    {
      title: 'Longest wait of an event',
      description:
        'Seconds since the oldest event that is not handled yet arrived; more than zero for long means that the exporter is too slow.',
      unit: 's',
      steps: ['transparent', [BEHIND_SECONDS, 'red']],
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.queueLag), EACH_PBX), PER_PBX),
  )
}

function queued() {
  return graph(
    {
      title: 'Memory of waiting events',
      description: 'Bytes of the events that have arrived and are not handled yet; the session ends at ARI_QUEUE_MB.',
      unit: 'bytes',
      calculations: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.queueBytes), EACH_PBX), PER_PBX),
  )
}

function malformed() {
  return barsOverTime(
    {
      title: 'Malformed frames',
      description: 'Frames of Asterisk that could not be decoded within each step, by reason.',
      unit: 'short',
      interval: '5m',
    },
    range(`${sum(increase(series(CATALOGUE.malformedFrames)), ['reason'])} > 0`, '{{reason}}'),
  )
}

function received() {
  return stat(
    {
      title: 'Events, 15 min',
      description: 'Events received in the last quarter of an hour, by PBX; of many PBXs the three with the fewest.',
      unit: 'none',
      rows: true,
    },
    instant(few('lowest', `round(${recorded(RECORDINGS.events, '15m')})`), PER_PBX),
  )
}

function failedLogins() {
  return stat(
    {
      title: 'Failed log-ins',
      description:
        'HTTP requests with a wrong password or token within the time range, by exporter; of many PBXs the three with the most.',
      unit: 'short',
      rows: true,
      steps: higherIsWorse({ warning: 10, critical: 1000 }),
    },
    instant(few('highest', ofScraped(countOverRange(series(CATALOGUE.httpAuthFailures), EACH_PBX))), PER_PBX),
  )
}
