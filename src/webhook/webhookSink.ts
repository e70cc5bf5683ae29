// The sink `webhook`: one POST for each entry of its outbox.
//
// What a request says: message.ts. What an answer means: verdict.ts. In which order requests are sent: delivery.ts.

import type { LinkTemplates } from '../query/callStory.ts'
import type { Parcel, Sink } from '../shipping/sink.ts'
import { deliverItems, type Receiver } from './delivery.ts'
import { createHeldBack, type HoldLimits } from './heldBack.ts'
import { bodyOf, idempotencyKey, orderOf, type PresentItem } from './message.ts'
import { createPoster } from './post.ts'
import { signature } from './signature.ts'
import { failureOf, MAX_DELAY_MS, type Verdict, verdictOn } from './verdict.ts'

export interface WebhookOptions {
  /** http or https, without credentials. Its path and query may be secret: they are in no message. */
  readonly url: string
  /** Null: requests are not signed. */
  readonly secret: string | null
  /** A certificate that is trusted besides those of Node; PEM. */
  readonly ca: string | null
  readonly links: LinkTemplates
  /** Name and version of this program. */
  readonly userAgent: string
}

export interface WebhookDependencies {
  /** The wall clock, epoch ms. */
  readonly now: () => number
  /** A monotonic clock, ms. */
  readonly ticks: () => number
  /** 0..1 */
  readonly random: () => number
  /** For tests. */
  readonly limits?: Partial<Limits>
}

interface Limits extends HoldLimits {
  /** Requests at a time. */
  readonly connections: number
  /** For a request and its answer. */
  readonly deadlineMs: number
}

const LIMITS: Limits = {
  connections: 4,
  deadlineMs: 15_000,
  firstDelayMs: 1_000,
  maxDelayMs: MAX_DELAY_MS,
  attempts: 8,
  failingMs: 3_600_000,
}

/** So many of the latest calls are among those that a receiver is tried with while it counts as down. */
const NEWEST = 100

/** Opens no connection yet. */
export function openWebhookSink(options: WebhookOptions, deps: WebhookDependencies): Sink {
  const { now, ticks, random } = deps
  const limits: Limits = { ...LIMITS, ...deps.limits }
  const poster = createPoster({ ...options, ...limits })
  const held = createHeldBack(limits, ticks, random)
  const receiver: Receiver = { notTaken: new Set(), toldToWait: new Set(), isDown: false, pausedUntil: ticks() }
  const { origin } = new URL(options.url)
  let logId: string | null = null

  async function send(parcel: Parcel, item: PresentItem, signal: AbortSignal): Promise<Verdict> {
    const body = bodyOf(parcel, item, options.links)
    const signed = options.secret === null ? {} : { 'x-signature': signature(options.secret, now(), body) }
    const headers = { 'user-agent': options.userAgent, 'idempotency-key': idempotencyKey(parcel, item), ...signed }
    return verdictOn(await poster.post(body, headers, signal), now())
  }

  return {
    name: 'webhook',
    choice() {
      if (receiver.isDown) {
        return { isHeldBack: () => false, newest: NEWEST }
      }
      const orders = held.orders()
      return orders.size === 0 ? null : { isHeldBack: (entry) => orders.has(orderOf(entry)), newest: 0 }
    },
    async deliver(parcel, signal) {
      if (parcel.logId !== logId) {
        logId = parcel.logId
        held.forgetAll()
      } else if (!receiver.isDown) {
        held.keepOnly([...parcel.items.map(({ outboxId }) => outboxId), ...(parcel.leftOut ?? [])])
      }
      return await deliverItems(parcel.items, {
        ...{ receiver, held, ticks, connections: limits.connections },
        send: (item) => send(parcel, item, signal),
        failure: (verdict) => failureOf(verdict, origin),
        isAborted: () => signal.aborted,
      })
    },
    async close() {
      poster.close()
    },
  }
}
