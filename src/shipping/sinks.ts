// The sinks that there are: how each is opened, and how it is served. What a sink needs is loaded when it is configured: `pg` alone takes
// some megabytes.

import type { CentralAddress } from '../central/connection.ts'
import { now, ticks } from '../time/clock.ts'
import type { WebhookOptions } from '../webhook/webhookSink.ts'
import type { LoopOptions } from './loop.ts'
import type { Sink } from './sink.ts'

/** A sink that is configured, with its secrets. */
export type SinkSettings =
  | { readonly name: 'postgres'; readonly address: CentralAddress }
  | { readonly name: 'webhook'; readonly receiver: WebhookOptions }

/** Opens no connection yet. */
export async function openSink(settings: SinkSettings): Promise<Sink> {
  switch (settings.name) {
    case 'postgres': {
      const { openPostgresSink } = await import('../central/writer/sink.ts')
      return openPostgresSink(settings.address, { now: ticks })
    }
    case 'webhook': {
      const { openWebhookSink } = await import('../webhook/webhookSink.ts')
      return openWebhookSink(settings.receiver, { now, ticks, random: Math.random })
    }
  }
}

/** Many calls at a time cost the central call log least; a webhook is for what should be known at once. */
export const LOOPS: Readonly<Record<Sink['name'], LoopOptions>> = {
  postgres: { parcelSize: 500, waitMs: 5_000, pollMs: 1_000, idleMs: 30_000 },
  webhook: { parcelSize: 500, waitMs: 0, pollMs: 500, idleMs: 30_000 },
}
