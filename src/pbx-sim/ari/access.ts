// Authentication: basic auth or `api_key`, one user who may write and one who may only read.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Credentials {
  readonly user: string
  readonly password: string
  /** A second user with the same password who may not write. */
  readonly readOnlyUser?: string
}

export type Access = 'none' | 'read' | 'write'

/** The access rights of a request. */
export function accessOf(request: IncomingMessage, url: URL, credentials: Credentials): Access {
  const given = givenCredentials(request.headers.authorization, url.searchParams.get('api_key'))
  if (same(given, `${credentials.user}:${credentials.password}`)) {
    return 'write'
  }
  const { readOnlyUser } = credentials
  return readOnlyUser !== undefined && same(given, `${readOnlyUser}:${credentials.password}`) ? 'read' : 'none'
}

function givenCredentials(header: string | undefined, apiKey: string | null): string {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  return basic === undefined ? (apiKey ?? '') : Buffer.from(basic, 'base64').toString()
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
