// The headers that every answer carries: a browser may show what we sent and do nothing else with it.
//
// Nothing is loaded from elsewhere, nothing is framed, and nothing is kept. What the web configuration says of a header wins.

import type { RequestHandler } from 'express'

export interface HeaderOptions {
  /** Over TLS, browsers are told to come back over TLS alone. */
  readonly overTls: boolean
  /** Name -> value instead of ours; empty: the header is not sent. */
  readonly configured: ReadonlyMap<string, string>
}

// Script and style from files of ours alone, none inline; no script may make text into markup.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** Sets the headers. */
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
    // A day: it holds for every port of this name, and a mistake heals. Longer ones can be configured.
    ...(overTls ? [['Strict-Transport-Security', 'max-age=86400'] as const] : []),
    ...configured,
  ])
  for (const [name, value] of configured) if (value === '') headers.delete(name)
  return (_request, response, next) => {
    response.setHeaders(headers)
    next()
  }
}
