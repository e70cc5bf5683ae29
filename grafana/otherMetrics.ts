// Metrics of the boards that are not in the catalogue: those of the runtime, and those that Prometheus adds to each scrape.
//
// Definitions only. Source: prom-client's default metrics; "Automatically generated labels and time series" in Prometheus' manual.

import type { MetricEntry } from '../src/metrics/catalogue/entry.ts'

const RUNTIME_HELP = 'Default metric of prom-client.'
const SCRAPE_HELP = 'Metric of a scrape, added by Prometheus.'

/** Metrics of the exporter's process, on its /metrics. */
export const RUNTIME = {
  cpu: { type: 'counter', name: 'process_cpu_seconds_total', help: RUNTIME_HELP, labels: {}, persisted: false },
  memory: { type: 'gauge', name: 'process_resident_memory_bytes', help: RUNTIME_HELP, labels: {} },
  heap: { type: 'gauge', name: 'nodejs_heap_size_used_bytes', help: RUNTIME_HELP, labels: {} },
  startTime: { type: 'gauge', name: 'process_start_time_seconds', help: RUNTIME_HELP, labels: {} },
  openFiles: { type: 'gauge', name: 'process_open_fds', help: RUNTIME_HELP, labels: {} },
  loopDelay: { type: 'gauge', name: 'nodejs_eventloop_lag_p99_seconds', help: RUNTIME_HELP, labels: {} },
} satisfies Readonly<Record<string, MetricEntry>>

/** Metrics of Asterisk's res_prometheus (22.10), with the job and instance of the exporter (prometheus/prometheus.yml). */
export const ASTERISK = {
  registration: {
    type: 'gauge',
    name: 'asterisk_pjsip_outbound_registration_status',
    help: 'Current registration status. 0=Unregistered; 1=Registered; 2=Rejected.',
    labels: { username: 'open', domain: 'open', channel_type: ['PJSIP'] },
  },
} satisfies Readonly<Record<string, MetricEntry>>

/** Metrics of a target; they exist even if the scrape failed. */
export const SCRAPE = {
  up: { type: 'gauge', name: 'up', help: SCRAPE_HELP, labels: {} },
  seconds: { type: 'gauge', name: 'scrape_duration_seconds', help: SCRAPE_HELP, labels: {} },
  samples: { type: 'gauge', name: 'scrape_samples_scraped', help: SCRAPE_HELP, labels: {} },
} satisfies Readonly<Record<string, MetricEntry>>
