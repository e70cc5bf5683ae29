// Parses ARI_URL, in all its usual forms.
//
// `http://host:8088`, `http://host:8088/ari`, a trailing slash, a prefix from http.conf: all name the same server. Credentials in
// the URL are dropped, so that nothing built from the result can show them.

export interface AriUrl {
  /** `http://host:8088/ari`: safe to log, without credentials. */
  readonly rest: string
  /** Scheme and host, for ari-client. */
  readonly origin: string
  readonly protocol: 'http:' | 'https:'
  /** Host, port and the prefix of http.conf: what comes before `/ari/events`. */
  readonly hostAndPrefix: string
}

/** Null when the text is not an http or https URL. */
export function parseAriUrl(text: string): AriUrl | null {
  if (!URL.canParse(text)) {
    return null
  }
  const url = new URL(text)
  const { protocol, host, origin } = url
  if (protocol !== 'http:' && protocol !== 'https:') {
    return null
  }
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/ari$/, '')
  return { rest: `${origin}${prefix}/ari`, origin, protocol, hostAndPrefix: `${host}${prefix}` }
}
