// Which names this server answers to, and which pages may open a socket to it.
//
// A page of a stranger can have its own name resolved to our address (DNS rebinding); the browser then takes our answers
// for that page's own. The name stays in Host, so a request that names neither localhost, nor an address, nor a configured
// host is refused. Pure. Sources: RFC 9110, 7.4 and 15.5.20 (421); RFC 6455, 10.2 (Origin).

import { isIP } from 'node:net'
import type { RequestHandler } from 'express'

/** The names of this server. */
export interface AllowedHosts {
  /** Judges the text of a Host header. Without one (HTTP/1.0) nobody's browser asks. */
  isAllowedHost(host: string | undefined): boolean
  /**
   * Whether a socket may be opened by a page from `origin`: one of a configured host, or of the very host that was asked.
   * Programs that are no browser send no Origin and may.
   */
  mayOpenSocket(origin: string | undefined, host: string | undefined): boolean
}

/** What a request is told whose Host is not known. */
export const UNKNOWN_HOST = 'this host name is not known here: add it to HTTP_ALLOWED_HOSTS'

/** `allowed`: names without ports, in lower case, beside localhost and addresses. */
export function createAllowedHosts(allowed: readonly string[]): AllowedHosts {
  const named = new Set(allowed)
  const isAllowedHost = (host: string | undefined): boolean => {
    if (host === undefined) {
      return true
    }
    const name = /[/?#@\\]/.test(host) ? undefined : urlOf(`http://${host}`)?.hostname
    return name !== undefined && (name === 'localhost' || isAddress(name) || named.has(name))
  }
  return {
    isAllowedHost,
    mayOpenSocket(origin, host) {
      if (origin === undefined) {
        return isAllowedHost(host)
      }
      const page = urlOf(origin)
      if (page === null) {
        return false
      }
      // Read with the page's own scheme, so that a default port is the same written or not.
      const asked = host === undefined ? null : urlOf(`${page.protocol}//${host}`)
      return named.has(page.hostname) || (isAllowedHost(host) && asked?.host === page.host)
    },
  }
}

/** Answers 421 to a request for a host that is not ours. */
export function requireAllowedHost(hosts: AllowedHosts): RequestHandler {
  return (request, response, next) => {
    if (hosts.isAllowedHost(request.headers.host)) {
      return next()
    }
    response.status(421).type('text').end(`${UNKNOWN_HOST}\n`)
  }
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

function urlOf(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null
}
