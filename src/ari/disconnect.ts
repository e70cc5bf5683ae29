// Why a session ended or could not be opened: a reason for the counter, and one sentence for the operator.
//
// Each sentence says what is wrong and which setting to change. None contains a credential.

import { areFilesUsedUp, FILES_USED_UP } from '../process/openFiles.ts'
import type { RestProblem } from './rest/result.ts'
import type { SocketEnd } from './socket.ts'

/** Why a session ended or could not be opened: a closed list, used as a metric label. */
export const DISCONNECT_REASONS = [
  'unreachable',
  'no_descriptors',
  'timeout',
  'unauthorized',
  'forbidden',
  'not_ari',
  'server_error',
  'bad_answer',
  'name_taken',
  'handshake_refused',
  'handshake_timeout',
  'unregistered',
  'read_only',
  'closed',
  'reset',
  'ping_timeout',
  'replaced',
  'overrun',
] as const

export type DisconnectReason = (typeof DISCONNECT_REASONS)[number]

/** `problem`: one sentence for the operator; null when the operator has nothing to do. */
export interface Disconnect {
  readonly reason: DisconnectReason
  readonly problem: string | null
}

// The certificate is not signed by a public CA: OpenSSL's codes, as Node names them.
const UNTRUSTED: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]

/** A REST request failed. `url` is the server's, without credentials. */
export function restDisconnect(problem: RestProblem, url: string): Disconnect {
  const { kind, detail } = problem
  switch (kind) {
    case 'unreachable': {
      if (areFilesUsedUp(detail)) {
        return noDescriptors(url)
      }
      if (UNTRUSTED.includes(detail)) {
        const text = `the certificate of Asterisk at ${url} is not trusted (${detail}): set ARI_CA_FILE (or NODE_EXTRA_CA_CERTS) to a file with it, or with that of its CA`
        return { reason: 'unreachable', problem: text }
      }
      const text = `cannot reach Asterisk at ${url} (${detail}): check ARI_URL, that Asterisk runs, and that its HTTP server is on (enabled=yes in http.conf)`
      return { reason: 'unreachable', problem: text }
    }
    case 'timeout': {
      const text = `${url} accepts the connection but does not answer (${detail}): check ARI_URL; if it is right, Asterisk's ARI hangs`
      return { reason: 'timeout', problem: text }
    }
    case 'unauthorized': {
      const text = `Asterisk at ${url} does not accept the user or the password (${detail}): check ARI_USER and ARI_PASSWORD against ari.conf`
      return { reason: 'unauthorized', problem: text }
    }
    case 'forbidden': {
      const text = `Asterisk at ${url} forbids what ARI_USER asks for (${detail}): check the user's rights in ari.conf and the acl in http.conf`
      return { reason: 'forbidden', problem: text }
    }
    case 'not_found':
    case 'not_ari':
    case 'conflict':
    case 'refused': {
      const text = `${url} answers, but not as ARI does (${detail}): check ARI_URL, and that ARI is on (enabled=yes in ari.conf)`
      return { reason: 'not_ari', problem: text }
    }
    case 'server_error': {
      const text = `Asterisk at ${url} answers ${detail}: it is still starting, or has a fault of its own`
      return { reason: 'server_error', problem: text }
    }
    case 'bad_answer':
    case 'stopped': {
      return {
        reason: 'bad_answer',
        problem: `${url} sends answers that are not those of ARI (${detail}): check ARI_URL`,
      }
    }
  }
}

/** The event socket ended, and this program did not close it. */
export function socketDisconnect(end: SocketEnd, url: string): Disconnect {
  const { reason } = end
  switch (reason) {
    case 'handshake_refused': {
      if (end.status === 401) {
        return restDisconnect({ kind: 'unauthorized', detail: 'HTTP 401' }, url)
      }
      const text = `Asterisk at ${url} refuses the event socket (HTTP ${end.status}): check ARI_URL, and that res_http_websocket is loaded`
      return { reason, problem: text }
    }
    case 'no_descriptors': {
      return noDescriptors(url)
    }
    case 'handshake_timeout': {
      return { reason, problem: `Asterisk at ${url} does not open the event socket in time: its ARI may hang` }
    }
    case 'closed':
    case 'reset': {
      return {
        reason,
        problem: `the event socket to Asterisk was lost (${reason}): calls are not observed until it is back`,
      }
    }
    case 'ping_timeout': {
      return {
        reason,
        problem: 'Asterisk does not answer pings on the event socket: calls are not observed until it is back',
      }
    }
  }
}

function noDescriptors(url: string): Disconnect {
  return { reason: 'no_descriptors', problem: `no connection to Asterisk at ${url} can be opened: ${FILES_USED_UP}` }
}

/** Another listener uses the name. */
export function nameTaken(app: string): Disconnect {
  const text = `another listener holds the ARI application "${app}": choose another ARI_APP, or take it over with ARI_APP_TAKEOVER=true`
  return { reason: 'name_taken', problem: text }
}

/** Another listener took the name over while this session used it. */
export function replacedBy(app: string): Disconnect {
  const text = `another listener has taken the ARI application "${app}" over: choose another ARI_APP for one of the two`
  return { reason: 'replaced', problem: text }
}

/** The socket is open, but Asterisk does not know the application, so no event would arrive. */
export function unregistered(app: string): Disconnect {
  const text = `Asterisk has no ARI application "${app}" although its socket is open: reconnecting`
  return { reason: 'unregistered', problem: text }
}

/** The program or the machine is too slow for the events that arrive. The next session waits until the queue is worked off. */
export const OVERRUN: Disconnect = {
  reason: 'overrun',
  problem:
    'more events wait than ARI_QUEUE_MB allows, because the program or the machine is too slow: reconnecting once they are handled',
}

/** The user may not write: the next session does not try to. handshake.ts logs the warning. */
export const READ_ONLY: Disconnect = { reason: 'read_only', problem: null }
