// What an answer of the receiver means for the message that it answers, and for the others. README.md has the table.

import { SinkFailure, type SinkFailureReason } from '../shipping/sink.ts'
import type { Answer } from './post.ts'

/**
 * `delivered`; `wait`: the receiver cannot take anything now; `refused`: it does not take this message, or the URL is wrong;
 * `failed`: it could not handle this message, or nothing at all.
 */
export interface Verdict {
  readonly kind: 'delivered' | 'wait' | 'refused' | 'failed'
  readonly reason: SinkFailureReason
  /** Names no part of the URL. */
  readonly detail: string
  /** What the operator can do; empty if nothing. */
  readonly remedy: string
  /** How long the receiver asks to wait, of at most `MAX_DELAY_MS`; 0 if it does not. */
  readonly retryAfterMs: number
}

/** The longest delay between two attempts. */
export const MAX_DELAY_MS = 300_000

const TEMPORARY: readonly number[] = [408, 425, 429, 503]

/** `now`: for a `Retry-After` that is a date (epoch ms). */
export function verdictOn(answer: Answer, now: number): Verdict {
  const nothing = { remedy: '', retryAfterMs: 0 }
  if (answer.status === null) {
    const { reason, detail } = answer
    const kind = reason === 'timeout' || reason === 'other' ? 'failed' : 'wait'
    return { ...nothing, kind, reason, detail, remedy: REMEDIES[reason] ?? '' }
  }
  const { status, retryAfter } = answer
  const detail = `status ${status}`
  if (status >= 200 && status < 300) {
    return { ...nothing, kind: 'delivered', reason: 'status', detail }
  }
  if (TEMPORARY.includes(status)) {
    return { ...nothing, kind: 'wait', reason: 'status', detail, retryAfterMs: delayOf(retryAfter, now) }
  }
  if (status === 401 || status === 403) {
    const remedy = 'check the secret of WEBHOOK_SECRET_FILE, WEBHOOK_URL, and the clock of this machine'
    return { ...nothing, kind: 'refused', reason: 'unauthorized', detail, remedy }
  }
  if (status < 400) {
    const remedy = 'redirects are not followed: set WEBHOOK_URL to the final address'
    return { ...nothing, kind: 'refused', reason: 'status', detail, remedy }
  }
  return status < 500
    ? { ...nothing, kind: 'refused', reason: 'status', detail, remedy: 'check WEBHOOK_URL, or the receiver' }
    : { ...nothing, kind: 'failed', reason: 'status', detail }
}

/** The failure of a verdict, for the log; `receiver`: its address without path, query and credentials. */
export function failureOf({ reason, detail, remedy, retryAfterMs }: Verdict, receiver: string): SinkFailure {
  const advice = remedy === '' ? '' : `: ${remedy}`
  return new SinkFailure(reason, `the webhook at ${receiver} does not take an event (${detail})${advice}`, {
    retryAfterMs,
  })
}

const REMEDIES: Partial<Readonly<Record<SinkFailureReason, string>>> = {
  unreachable: 'check WEBHOOK_URL and the network',
  tls: 'its certificate is not trusted or not valid: set WEBHOOK_CA_FILE to a file with it, or with that of its CA',
  other: 'check WEBHOOK_URL',
}

// Seconds or a date (RFC 9110); anything else is no wish.
function delayOf(retryAfter: string | null, now: number): number {
  const text = retryAfter ?? ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_DELAY_MS) : 0
}
