// Entries of an outbox, as the thread that ships reads them.

import { onTestFinished } from 'vitest'
import type { CallRecord, LegRecord } from '../../../src/call/fact.ts'
import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import { MISSED_CALLER_FIELDS } from '../../../src/query/missedCallerFields.ts'
import type { OutboxItem, Parcel, Sink } from '../../../src/shipping/sink.ts'
import type { PresentItem } from '../../../src/webhook/message.ts'
import { openWebhookSink, type WebhookDependencies, type WebhookOptions } from '../../../src/webhook/webhookSink.ts'
import { missedCaller } from '../callback/office.ts'
import { endedCall, sampleLeg, storedCall, storedLeg, T0 } from '../calllog/samples.ts'

export const LOG_ID = '0b54ecb2-7d0c-4a3f-9f0e-3f2c2f1f4d11'

/** The end of call `id`. */
export function callItem(
  id: number,
  {
    event = 'answered',
    legs = [],
    ...call
  }: Partial<CallRecord> & { event?: 'answered' | 'missed' | 'ended'; legs?: readonly Partial<LegRecord>[] } = {},
): PresentItem {
  const record = endedCall({ channelId: `1772600767.${id}`, ...call })
  return {
    outboxId: id,
    event,
    rowId: id,
    row: storedCall({ id, ended: true, createdAt: T0, updatedAt: T0, node: 'pbx-1', call: record }),
    legs: legs.map((leg, index) => storedLeg({ id: 1_000 * id + index, callId: id, leg: sampleLeg(leg) })),
  }
}

/** That a caller was missed, or is no longer. */
export function callerItem(
  outboxId: number,
  id: number,
  event: 'opened' | 'closed',
  changes: Partial<MissedCaller> = {},
) {
  const caller = missedCaller(id, changes)
  const fields = Object.entries(MISSED_CALLER_FIELDS).map(([name, field]) => [name, field.sql(caller)])
  const row = { id, closed_by_call: null, number_key: caller.key, ...Object.fromEntries(fields) }
  return { outboxId, event: `missed_caller_${event}`, rowId: id, row, legs: [] } satisfies OutboxItem
}

export function parcel(...items: readonly OutboxItem[]): Parcel {
  return { logId: LOG_ID, site: 'north', items }
}

export interface TestSink extends Sink {
  /** Delivers these; never aborted. */
  send(...items: readonly OutboxItem[]): ReturnType<Sink['deliver']>
  /** Moves the clock that decides what is due. */
  pass(ms: number): void
}

export const SECRET = 'a-secret-that-must-not-be-seen'

/** A sink whose clock stands still; closed when the test ends. */
export function testSink(
  options: Partial<WebhookOptions> & Pick<WebhookOptions, 'url'>,
  limits: WebhookDependencies['limits'] = {},
): TestSink {
  let ticks = 0
  const sink = openWebhookSink(
    {
      secret: SECRET,
      ca: null,
      links: { sipTrace: null, recording: null },
      userAgent: 'asterisk-ari-exporter/0.0.0',
      ...options,
    },
    { now: Date.now, ticks: () => ticks, random: () => 1, limits },
  )
  onTestFinished(sink.close)
  return {
    ...sink,
    send: (...items) => sink.deliver(parcel(...items), new AbortController().signal),
    pass(ms) {
      ticks += ms
    },
  }
}
