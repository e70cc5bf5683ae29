// The security headers of every answer.
//
// The page loads nothing from other servers, may not be framed, and is not cached. Headers of the web configuration override these.

import type { RequestHandler } from 'express'

export interface HeaderOptions {
  /** Adds Strict-Transport-Security. */
  readonly overTls: boolean
  /** Name -> value that replaces the default; empty: the header is not sent. */
  readonly configured: ReadonlyMap<string, string>
}

// Scripts and styles only from this server, none inline; scripts cannot turn text into markup.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  // Data: the icon of the tab, which has a number.
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** Middleware that sets the headers. */
export function securityHeaders({ overTls, configured }: HeaderOptions): RequestHandler {
  const headers = new Map([
    ['Content-Security-Policy', POLICY],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=()'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cache-Control', 'no-store'],
    // One day: it applies to every port of this host name, and a mistake expires soon. Longer values can be configured.
    ...(overTls ? [['Strict-Transport-Security', 'max-age=86400'] as const] : []),
    ...configured,
  ])
  for (const [name, value] of configured) {
    if (value === '') {
      headers.delete(name)
    }
  }
  return (_request, response, next) => {
    response.setHeaders(headers)
    next()
  }
}
