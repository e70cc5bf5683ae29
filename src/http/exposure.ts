// Whether others can read what the server serves, and what to do about it; said in the log at the start and by `--doctor`.

import type { TlsSettings } from './webconfig/tls.ts'
import type { WebConfig } from './webconfig/webConfig.ts'

interface Exposed {
  readonly host: string
  readonly token: string | null
  readonly web: Pick<WebConfig, 'users'> & { readonly tls: Pick<TlsSettings, 'clientAuth'> | null }
}

/** `problem`: a sentence without its end; `remedy`: what to do. Null if nobody else can read. */
export function exposureOf({
  host,
  token,
  web: { tls, users },
}: Exposed): { readonly problem: string; readonly remedy: string } | null {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) {
    return null
  }
  const hasPassword = users.size > 0 || token !== null
  if (!hasPassword && tls?.clientAuth !== 'RequireAndVerifyClientCert') {
    return {
      problem: `anybody who can reach ${host} can read all calls`,
      remedy: 'set users in WEB_CONFIG_FILE or HTTP_BEARER_TOKEN_FILE',
    }
  }
  return tls === null
    ? {
        problem: 'passwords and tokens cross the network in clear text',
        remedy: 'add tls_server_config to WEB_CONFIG_FILE',
      }
    : null
}
