// Sends one request on a connection of its own, plain or over TLS.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { get as getOverTls, type RequestOptions } from 'node:https'
import { TLSSocket } from 'node:tls'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** Common name of the server's certificate and the TLS version; null without TLS. */
  readonly tls: { readonly name: string; readonly version: string | null } | null
}

/** Rejects if the connection is refused or closed. */
export async function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const request = (url.startsWith('https:') ? getOverTls : get)(url, { agent: false, ...options })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response === undefined) {
    throw new Error('no response')
  }
  const { socket } = response
  const tls =
    socket instanceof TLSSocket
      ? { name: String(socket.getPeerCertificate().subject.CN), version: socket.getProtocol() }
      : null
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, text, tls }
}

/** The Authorization header of a user. */
export function basic(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}
