// Signs a request, so that its receiver knows who sent it and when. README.md says how to verify it.

import { createHmac } from 'node:crypto'

/** The value of `X-Signature`: the time of the attempt (epoch seconds), and the HMAC-SHA256 of `TIME.BODY` in hex. */
export function signature(secret: string, at: number, body: string): string {
  const seconds = Math.floor(at / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}
