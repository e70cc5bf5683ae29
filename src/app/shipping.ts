// Which sinks are configured: what the call log puts into the outbox for them, and how they are served.

import { createHash } from 'node:crypto'
import type { CallLog, CallLogOptions } from '../calllog/callLog.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Shipping, startShipping } from '../shipping/client.ts'
import type { SinkName } from '../shipping/sink.ts'
import type { SinkSettings } from '../shipping/sinks.ts'
import { now } from '../time/clock.ts'
import { siteOf } from './site.ts'

type ShippingConfig = Pick<Config, 'shipping'>

/** What the call log has to know of it. */
export function outboxOptions(config: ShippingConfig): Required<Pick<CallLogOptions, 'site' | 'sinks'>> {
  const { callLogSink } = config.shipping
  return {
    site: siteOf(config),
    sinks:
      callLogSink === null
        ? []
        : [{ sink: 'postgres', events: ['call', 'missed_caller'], backFill: databaseOf(callLogSink) }],
  }
}

/** The names of the sinks that are configured. */
export function sinkNames(config: ShippingConfig): readonly SinkName[] {
  return sinkSettings(config).map(({ name }) => name)
}

/** Starts to deliver; without sinks it does nothing. */
export function openShipping(
  config: Pick<Config, 'shipping' | 'callLog'>,
  deps: { readonly callLog: Pick<CallLog, 'settle'>; readonly metrics: Pick<Metrics, 'outbox'>; readonly log: Logger },
): Shipping {
  const { callLog, metrics, log } = deps
  return startShipping(
    { path: config.callLog.path, sinks: sinkSettings(config) },
    { log, settle: callLog.settle, counters: metrics.outbox, now, random: Math.random },
  )
}

function sinkSettings({ shipping: { callLogSink, callLogSinkPassword } }: ShippingConfig): readonly SinkSettings[] {
  return callLogSink === null
    ? []
    : [{ name: 'postgres', address: { url: callLogSink, password: callLogSinkPassword } }]
}

// Another database gets all calls again; another user or certificate is no reason to.
function databaseOf(sink: string): string {
  const { hostname, port, pathname, searchParams } = new URL(sink)
  const place = [searchParams.get('host') ?? hostname, port === '' ? '5432' : port, pathname]
  return createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 32)
}
