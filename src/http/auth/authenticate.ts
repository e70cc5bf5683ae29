// Authentication by bearer token or by user name and password; either is enough where both are configured.
//
// Takes the text of the Authorization header, so that requests and websocket upgrades are checked by the same code. Never
// logs, and does not reveal which part was wrong. Sources: RFC 7235 (challenges), 7617 (Basic), 6750 (Bearer).

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { refuse } from '../problem.ts'
import { createBcrypt } from './bcrypt.ts'
import { createPasswords } from './passwords.ts'

/** Accepted credentials. */
export interface AuthenticatorOptions {
  /** Name -> bcrypt hash; empty: no passwords. */
  readonly users: ReadonlyMap<string, string>
  /** Null: no token. */
  readonly token: string | null
}

/** `busy`: too many passwords wait to be checked; the client may retry. */
export type AuthResult = 'granted' | 'refused' | 'busy'

export type AuthScheme = 'password' | 'token'

/** Checks credentials. */
export interface Authenticator {
  readonly schemes: readonly AuthScheme[]
  /** One WWW-Authenticate header for each scheme. */
  readonly challenges: readonly string[]
  /** Checks the text of an Authorization header. */
  authenticate(authorization: string | undefined): Promise<AuthResult>
  stop(): Promise<void>
}

const CREDENTIALS = /^([a-z]+) +(\S+)$/i

const REALM = 'asterisk-ari-exporter'

const CHALLENGES: Readonly<Record<AuthScheme, string>> = {
  password: `Basic realm="${REALM}", charset="UTF-8"`,
  token: `Bearer realm="${REALM}"`,
}

/** Null if no credentials are configured: access is open. */
export function createAuthenticator({ users, token }: AuthenticatorOptions): Authenticator | null {
  if (users.size === 0 && token === null) {
    return null
  }
  const bcrypt = createBcrypt()
  const passwords = users.size === 0 ? null : createPasswords(users, bcrypt)
  const isToken = token === null ? null : comparatorFor(token)
  const schemes: AuthScheme[] = []
  if (passwords !== null) {
    schemes.push('password')
  }
  if (isToken !== null) {
    schemes.push('token')
  }
  return {
    schemes,
    challenges: schemes.map((scheme) => CHALLENGES[scheme]),
    async authenticate(authorization = '') {
      const [, scheme = '', credentials = ''] = CREDENTIALS.exec(authorization) ?? []
      switch (scheme.toLowerCase()) {
        case 'bearer': {
          return isToken?.(credentials) ? 'granted' : 'refused'
        }
        case 'basic': {
          const login = loginOf(credentials)
          if (passwords === null || login === null) {
            return 'refused'
          }
          const result = await passwords.check(login.user, login.password)
          if (result === 'busy') {
            return 'busy'
          }
          return result === 'right' ? 'granted' : 'refused'
        }
        default: {
          return 'refused'
        }
      }
    },
    stop: () => bcrypt.stop(),
  }
}

/** Middleware that passes authenticated requests on and answers others: 401 with the challenges, or 503 if `busy`. */
export function requireAuth({ authenticate, challenges }: Authenticator): RequestHandler {
  return async (request, response, next) => {
    const result = await authenticate(request.headers.authorization)
    switch (result) {
      case 'granted': {
        next()
        return
      }
      case 'refused': {
        response.setHeader('WWW-Authenticate', challenges)
        refuse(request, response, 401, 'credentials are needed')
        return
      }
      case 'busy': {
        response.setHeader('Retry-After', '1')
        refuse(request, response, 503, 'too many passwords are being checked')
        return
      }
    }
  }
}

/**
 * Who sends this text of an Authorization header that was granted: the user of the password, or `token`; empty without one. It checks
 * nothing.
 */
export function loginName(authorization = ''): string {
  const [, scheme = '', credentials = ''] = CREDENTIALS.exec(authorization) ?? []
  return scheme.toLowerCase() === 'bearer' ? 'token' : (loginOf(credentials)?.user ?? '')
}

// Compares keyed digests: they have equal lengths, and timing reveals nothing without the key.
function comparatorFor(token: string): (text: string) => boolean {
  const secret = randomBytes(32)
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text).digest()
  const expected = digest(token)
  return (text) => timingSafeEqual(digest(text), expected)
}

function loginOf(base64: string): { user: string; password: string } | null {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
