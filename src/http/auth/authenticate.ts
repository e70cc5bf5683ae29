// Who is let in: whoever shows the bearer token, or a user's name and password; either will do where both are configured.
//
// Works on the text of the Authorization header alone, so that a request and a socket's upgrade are judged alike. Never
// logs, and never says which part was wrong. Sources: RFC 7235 (challenges), 7617 (Basic), 6750 (Bearer).

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { createBcrypt } from './bcrypt.ts'
import { createPasswords } from './passwords.ts'

/** What opens the door. */
export interface AuthenticatorOptions {
  /** Name -> bcrypt hash; empty: no passwords. */
  readonly users: ReadonlyMap<string, string>
  /** Null: no token. */
  readonly token: string | null
}

/** `busy`: too many passwords wait to be checked; to be asked again later. */
export type AuthResult = 'granted' | 'refused' | 'busy'

export type AuthScheme = 'password' | 'token'

/** The door. */
export interface Authenticator {
  readonly ways: readonly AuthScheme[]
  /** One WWW-Authenticate header for each way in. */
  readonly challenges: readonly string[]
  /** Judges the text of an Authorization header. */
  admit(authorization: string | undefined): Promise<AuthResult>
  stop(): Promise<void>
}

const REALM = 'asterisk-ari-exporter'

const CHALLENGES: Readonly<Record<AuthScheme, string>> = {
  password: `Basic realm="${REALM}", charset="UTF-8"`,
  token: `Bearer realm="${REALM}"`,
}

/** Null when nothing is configured: everybody may. */
export function createAuthenticator({ users, token }: AuthenticatorOptions): Authenticator | null {
  if (users.size === 0 && token === null) return null
  const bcrypt = createBcrypt()
  const passwords = users.size === 0 ? null : createPasswords(users, bcrypt)
  const isToken = token === null ? null : comparison(token)
  const ways: AuthScheme[] = []
  if (passwords !== null) ways.push('password')
  if (isToken !== null) ways.push('token')
  return {
    ways,
    challenges: ways.map((way) => CHALLENGES[way]),
    async admit(authorization = '') {
      const [, scheme = '', shown = ''] = /^([a-z]+) +(\S+)$/i.exec(authorization) ?? []
      switch (scheme.toLowerCase()) {
        case 'bearer': {
          return isToken?.(shown) ? 'granted' : 'refused'
        }
        case 'basic': {
          const named = namedBy(shown)
          if (passwords === null || named === null) return 'refused'
          const answer = await passwords.check(named.user, named.password)
          if (answer === 'busy') return 'busy'
          return answer === 'right' ? 'granted' : 'refused'
        }
        default: {
          return 'refused'
        }
      }
    },
    stop: () => bcrypt.stop(),
  }
}

/** Lets a request go on, or answers it: 401 with the ways in, 503 while too many passwords wait. */
export function guard(access: Authenticator): RequestHandler {
  return async (request, response, next) => {
    const verdict = await access.admit(request.headers.authorization)
    switch (verdict) {
      case 'granted': {
        next()
        return
      }
      case 'refused': {
        response.status(401).setHeader('WWW-Authenticate', access.challenges)
        response.type('text').end('credentials are needed\n')
        return
      }
      case 'busy': {
        response.status(503).setHeader('Retry-After', '1')
        response.type('text').end('too many passwords are being checked\n')
        return
      }
    }
  }
}

// Digests have one length, and what the time of comparing them tells is of no use without the key.
function comparison(token: string): (shown: string) => boolean {
  const secret = randomBytes(32)
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text).digest()
  const wanted = digest(token)
  return (shown) => timingSafeEqual(digest(shown), wanted)
}

function namedBy(base64: string): { user: string; password: string } | null {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
