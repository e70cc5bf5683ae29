// Why an exporter cannot be reached, in words that say what to do; without secrets.

/** Why it refused the websocket. */
export function refusedBecause(status: number, hadToken: boolean): string {
  switch (status) {
    case 401:
    case 403:
      return hadToken
        ? 'it refuses the token of FLEET_NODES_TOKEN_FILE'
        : 'it needs a token: set FLEET_NODES_TOKEN_FILE to a file with that of its HTTP_BEARER_TOKEN_FILE'
    case 404:
      return 'there is no exporter at this address: check FLEET_NODES'
    case 421:
      return 'it does not answer to this host name: add the name to its HTTP_ALLOWED_HOSTS'
    case 503:
      return 'it has too many readers of its live calls'
    default:
      return `it answered with status ${status}`
  }
}

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'there is no route to this host',
  ENETUNREACH: 'there is no route to this network',
  ETIMEDOUT: 'it does not answer',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host name',
}

/** Node names such an error by its own code, or as one of the protocol. */
const NO_TLS = /^(EPROTO|ERR_SSL_)/

/** What it answered is no HTTP or no websocket, or is larger than any message. */
const NO_PROTOCOL = /^(HPE_|WS_ERR_|$)/

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED)/

/** Why no connection came about, or why it broke. */
export function unreachableBecause(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  if (UNTRUSTED.test(code)) {
    return 'its certificate is not trusted: set FLEET_NODES_CA_FILE'
  }
  if (error.message.includes('handshake has timed out')) {
    return 'it does not answer'
  }
  if (NO_TLS.test(code)) {
    return 'it does not speak TLS here: check http and https in FLEET_NODES'
  }
  return BY_CODE[code] ?? (NO_PROTOCOL.test(code) ? 'it does not speak the protocol of an exporter' : code)
}
