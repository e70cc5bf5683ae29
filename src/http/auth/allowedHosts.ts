// Which host names this server answers to, and which pages may open a websocket to it.
//
// A web page can have its own host name resolve to this server's address (DNS rebinding); its scripts may then read the
// answers. The Host header still carries that name, so a request for anything but localhost, an address or a configured name is
// refused. No I/O. Sources: RFC 9110, 7.4 and 15.5.20 (421); RFC 6455, 10.2 (Origin).

import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import { refuse } from '../problem.ts'

/** Decides by the Host and Origin headers. */
export interface AllowedHosts {
  /** Whether a Host header is accepted. A request without one (HTTP/1.0) is: no browser sends it. */
  isAllowedHost(host: string | undefined): boolean
  /**
   * Whether a page from `origin` may open a websocket: its host is configured, or is the host of the request. A request
   * without Origin does not come from a browser; only its Host is checked.
   */
  mayOpenSocket(origin: string | undefined, host: string | undefined): boolean
}

/** Answer to a request for another host name. */
export const UNKNOWN_HOST = 'this host name is not allowed: add it to HTTP_ALLOWED_HOSTS'

/** `allowed`: names without ports, in lower case, in addition to localhost and addresses. */
export function createAllowedHosts(allowed: readonly string[]): AllowedHosts {
  const configured = new Set(allowed)
  const isAllowedHost = (host: string | undefined): boolean => {
    if (host === undefined) {
      return true
    }
    const name = /[/?#@\\]/.test(host) ? undefined : urlOf(`http://${host}`)?.hostname
    return name !== undefined && (name === 'localhost' || isAddress(name) || configured.has(name))
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
      // Parsed with the scheme of the page, so that an omitted default port equals a written one.
      const requested = host === undefined ? null : urlOf(`${page.protocol}//${host}`)
      return configured.has(page.hostname) || (isAllowedHost(host) && requested?.host === page.host)
    },
  }
}

/** Middleware that answers 421 to a request for another host. */
export function requireAllowedHost(hosts: AllowedHosts): RequestHandler {
  return (request, response, next) => {
    if (hosts.isAllowedHost(request.headers.host)) {
      return next()
    }
    refuse(request, response, 421, UNKNOWN_HOST)
  }
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

function urlOf(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null
}
