// Why the server cannot listen, in one sentence that names the setting to change.
//
// Source of the codes: Node's system errors of listen and DNS lookup.

import { areFilesUsedUp, FILES_USED_UP } from '../process/openFiles.ts'

/** The server could not be started; `message` is for the user, `cause` is the system's error. */
export class HttpListenError extends Error {
  override readonly name = 'HttpListenError'
}

/** Makes the error for an address on which the server cannot listen. */
export function httpListenError(
  address: { readonly host: string; readonly port: number },
  cause: unknown,
): HttpListenError {
  return new HttpListenError(sentence(address.host, address.port, codeOf(cause)), { cause })
}

/** The log message for an error of a listening server. */
export function serverErrorText(error: unknown): string {
  return areFilesUsedUp(codeOf(error)) ? `cannot accept connections: ${FILES_USED_UP}` : 'HTTP server error'
}

function sentence(host: string, port: number, code: string): string {
  if (areFilesUsedUp(code)) {
    return `Cannot listen on HTTP_PORT=${port}: ${FILES_USED_UP}.`
  }
  switch (code) {
    case 'EADDRINUSE': {
      return `HTTP_PORT=${port} is in use on ${host} by another program: stop that program, or set HTTP_PORT to a free port.`
    }
    case 'EACCES': {
      return `HTTP_PORT=${port} may not be opened on ${host} by this user: set HTTP_PORT to a port above 1023.`
    }
    case 'ERR_SOCKET_BAD_PORT': {
      return `HTTP_PORT=${port} is not a port: set HTTP_PORT to a number from 1 to 65535.`
    }
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL': {
      return `HTTP_HOST=${host} is not an address of this machine: set HTTP_HOST to one of its addresses, or to 0.0.0.0 for all.`
    }
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      return `HTTP_HOST=${host} is a name that cannot be resolved: set HTTP_HOST to an IP address of this machine, or to 0.0.0.0 for all.`
    }
    default: {
      return `Cannot listen on HTTP_HOST=${host}, HTTP_PORT=${port} (${code}): set them to an address of this machine and a free port.`
    }
  }
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return 'unknown'
  }
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
