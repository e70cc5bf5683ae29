// The headers that every answer carries: a browser may show what we sent and do nothing else with it.
//
// Nothing is loaded from elsewhere, nothing is framed, and nothing is kept.

import type { RequestHandler } from 'express'

/** Sets the headers; `styleSource` is the one style that pages may have (a CSP source such as a hash). */
export function securityHeaders(styleSource: string): RequestHandler {
  const headers = new Map([
    [
      'Content-Security-Policy',
      `default-src 'none'; style-src ${styleSource}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=()'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cache-Control', 'no-store'],
  ])
  return (_request, response, next) => {
    response.setHeaders(headers)
    next()
  }
}
