// Why a session ended or could not begin: a reason for the counter, and one sentence for the operator.
//
// Each sentence says what is wrong and names the setting to mend. None holds a credential.

import { areFilesUsedUp, FILES_USED_UP } from '../app/openFiles.ts'
import type { RestProblem } from './rest/result.ts'
import type { SocketEnd } from './socket.ts'

/** Why a session ended, or an attempt at one failed: a closed list, fit for a metric label. */
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

/** `problem` is null when there is nothing for the operator to mend or to know. */
export interface Setback {
  readonly reason: DisconnectReason
  readonly problem: string | null
}

// No public CA has signed it: OpenSSL's codes, as Node names them.
const UNTRUSTED: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]

/** A REST call failed. `url` is the server's, without credentials. */
export function restSetback(problem: RestProblem, url: string): Setback {
  const { kind, detail } = problem
  switch (kind) {
    case 'unreachable': {
      if (areFilesUsedUp(detail)) return noDescriptors(url)
      if (UNTRUSTED.includes(detail)) {
        const text = `the certificate of Asterisk at ${url} is not trusted (${detail}): name it, or that of its CA, in ARI_CA_FILE (or in NODE_EXTRA_CA_CERTS)`
        return { reason: 'unreachable', problem: text }
      }
      const text = `cannot reach Asterisk at ${url} (${detail}): check ARI_URL, that Asterisk runs, and that its HTTP server is on (enabled=yes in http.conf)`
      return { reason: 'unreachable', problem: text }
    }
    case 'timeout': {
      const text = `${url} takes the connection but does not answer (${detail}): check ARI_URL; if it is right, Asterisk's ARI hangs`
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
      const text = `Asterisk at ${url} answers ${detail}: it is still starting, or in trouble`
      return { reason: 'server_error', problem: text }
    }
    case 'bad_answer':
    case 'stopped': {
      return {
        reason: 'bad_answer',
        problem: `${url} gives answers that no known ARI gives (${detail}): check ARI_URL`,
      }
    }
  }
}

/** The event socket ended without our doing. */
export function socketSetback(end: SocketEnd, url: string): Setback {
  const { reason } = end
  switch (reason) {
    case 'handshake_refused': {
      if (end.status === 401) return restSetback({ kind: 'unauthorized', detail: 'HTTP 401' }, url)
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
      return { reason, problem: `the event socket to Asterisk was lost (${reason}): no call is seen until it is back` }
    }
    case 'ping_timeout': {
      return { reason, problem: 'Asterisk does not answer pings on the event socket: no call is seen until it is back' }
    }
  }
}

function noDescriptors(url: string): Setback {
  return { reason: 'no_descriptors', problem: `no connection to Asterisk at ${url} can be opened: ${FILES_USED_UP}` }
}

/** The name is in use by a listener that is not us. */
export function nameTaken(app: string): Setback {
  const text = `another listener holds the ARI application "${app}": choose another ARI_APP, or take it over with ARI_APP_TAKEOVER=true`
  return { reason: 'name_taken', problem: text }
}

/** Another listener took the name over while we had it. */
export function replacedBy(app: string): Setback {
  const text = `another listener has taken the ARI application "${app}" over: choose another ARI_APP for one of the two`
  return { reason: 'replaced', problem: text }
}

/** The socket is open, but Asterisk does not know our application: no event would ever come. */
export function unregistered(app: string): Setback {
  const text = `Asterisk has no ARI application "${app}" although its socket is open: connecting anew`
  return { reason: 'unregistered', problem: text }
}

/** The consumer or the machine is too slow for what came while the snapshot was taken. */
export const OVERRUN: Setback = {
  reason: 'overrun',
  problem: 'too many events came while the snapshot was taken: connecting anew',
}

/** The user may not write: the next attempt does without. Its warnings are given elsewhere. */
export const READ_ONLY: Setback = { reason: 'read_only', problem: null }
