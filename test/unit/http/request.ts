// One request over a connection of its own, plain or TLS, with everything that a test wants to see of the answer.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { get as getOverTls, type RequestOptions } from 'node:https'
import { TLSSocket } from 'node:tls'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** Common name of the server's certificate and the version of TLS; null when plain. */
  readonly tls: { readonly name: string; readonly version: string | null } | null
}

/** Rejects when the connection is refused or cut. */
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

/** The Authorization header for a user. */
export function basic(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}
