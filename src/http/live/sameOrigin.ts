// Whether a browser's page may open a socket here: only a page that came from this very host and port.
//
// Browsers let every page open a socket to everywhere, with the reader's password attached, and say in Origin where the
// page came from. Programs that are no browser send no Origin. Source: RFC 6455, 10.2.

/** True without an Origin, or when it names the host that was asked. A proxy in front must pass Host on. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  const page = urlOf(origin)
  if (page === null || host === undefined) return false
  // Read with the page's own scheme, so that a default port is the same written or not.
  return urlOf(`${page.protocol}//${host}`)?.host === page.host
}

function urlOf(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null
}
