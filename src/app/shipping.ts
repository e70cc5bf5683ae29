// Which sinks are configured: what the call log puts into the outbox for them, and how they are served.

import { createHash } from 'node:crypto'
import type { CallLog, CallLogOptions } from '../calllog/callLog.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Shipping, startShipping } from '../shipping/client.ts'
import type { OutboxEvent, SinkName } from '../shipping/sink.ts'
import type { SinkSettings } from '../shipping/sinks.ts'
import { now, ticks } from '../time/clock.ts'
import { siteOf } from './site.ts'

type ShippingConfig = Pick<Config, 'shipping'>

const CENTRAL_EVENTS: readonly OutboxEvent[] = ['call', 'missed_caller']

/** What the call log has to know of it. */
export function outboxOptions(config: ShippingConfig): Required<Pick<CallLogOptions, 'site' | 'sinks'>> {
  const { callLogSink, webhookUrl, webhookEvents } = config.shipping
  return {
    site: siteOf(config),
    sinks: [
      ...(callLogSink === null
        ? []
        : [{ sink: 'postgres', events: CENTRAL_EVENTS, backFill: databaseOf(callLogSink) } as const]),
      ...(webhookUrl === null ? [] : [{ sink: 'webhook', events: webhookEvents, backFill: null } as const]),
    ],
  }
}

/** The names of the sinks that are configured. */
export function sinkNames({ shipping: { callLogSink, webhookUrl } }: ShippingConfig): readonly SinkName[] {
  return [
    ...(callLogSink === null ? [] : (['postgres'] as const)),
    ...(webhookUrl === null ? [] : (['webhook'] as const)),
  ]
}

/** Starts to deliver; without sinks it does nothing. */
export function openShipping(
  config: SinkConfig & Pick<Config, 'callLog'>,
  deps: {
    readonly callLog: Pick<CallLog, 'settle'>
    readonly metrics: Pick<Metrics, 'outbox'>
    readonly log: Logger
    readonly build: { readonly name: string; readonly version: string }
  },
): Shipping {
  const { callLog, metrics, log, build } = deps
  return startShipping(
    { path: config.callLog.path, sinks: sinkSettings(config, `${build.name}/${build.version}`) },
    { log, settle: callLog.settle, counters: metrics.outbox, now, ticks, random: Math.random },
  )
}

type SinkConfig = Pick<Config, 'shipping' | 'links'>

function sinkSettings({ shipping, links }: SinkConfig, userAgent: string): readonly SinkSettings[] {
  const { callLogSink, callLogSinkPassword, webhookUrl, webhookSecret, webhookCa } = shipping
  const address = callLogSink === null ? null : { url: callLogSink, password: callLogSinkPassword }
  const receiver =
    webhookUrl === null ? null : { url: webhookUrl, secret: webhookSecret, ca: webhookCa, links, userAgent }
  return [
    ...(address === null ? [] : [{ name: 'postgres', address } as const]),
    ...(receiver === null ? [] : [{ name: 'webhook', receiver } as const]),
  ]
}

// Another database gets all calls again; another user or certificate is no reason to.
function databaseOf(sink: string): string {
  const { hostname, port, pathname, searchParams } = new URL(sink)
  const place = [searchParams.get('host') ?? hostname, port === '' ? '5432' : port, pathname]
  return createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 32)
}
