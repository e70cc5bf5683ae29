// One UDP socket that speaks SIP with Asterisk: requests with their retransmissions, responses, and whatever comes in.
//
// It knows transactions, not calls. A request that is never answered is an error of the test and is reported as such.

import { createSocket, type Socket } from 'node:dgram'
import { PORTS } from '../place.ts'
import { branchOf, composeMessage, type Header, header, parseMessage, type SipMessage } from './message.ts'

const AGAIN_MS = 500
const TIMES = 5
const HOST = '127.0.0.1'

export interface Request {
  readonly method: string
  readonly uri: string
  readonly branch: string
  readonly headers: readonly Header[]
  readonly body?: string
}

export class Wire {
  readonly port: number
  readonly #socket: Socket
  readonly #handlers = new Map<string, (response: SipMessage) => void>()
  readonly #replies = new Map<string, string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #serial = 0
  #closed = false

  private constructor(socket: Socket, port: number) {
    this.#socket = socket
    this.port = port
  }

  /** Binds the port; `onRequest` gets each request once, however often it is sent. */
  static async open(port: number, onRequest: (request: SipMessage, wire: Wire) => void): Promise<Wire> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, HOST, resolve)
    })
    const wire = new Wire(socket, port)
    socket.on('message', (data) => wire.#take(data.toString('latin1'), onRequest))
    return wire
  }

  /** A text that no other message of this run has: for branches, tags and call ids. */
  unique(): string {
    this.#serial += 1
    return `${process.pid}-${Date.now()}-${this.#serial}`
  }

  /** Sends a request until something answers; `onResponse` gets every response. */
  request(request: Request, onResponse: (response: SipMessage) => void): void {
    const via: Header = ['Via', `SIP/2.0/UDP ${HOST}:${this.port};branch=${request.branch};rport`]
    const text = composeMessage(
      `${request.method} ${request.uri} SIP/2.0`,
      [via, ['Max-Forwards', '70'], ...request.headers],
      request.body,
    )
    if (request.method === 'ACK') {
      return this.#send(text)
    }
    const key = `${request.branch} ${request.method}`
    let left = TIMES
    const again = (): void => {
      left -= 1
      if (left < 0 || this.#closed) {
        return
      }
      this.#send(text)
      timer = setTimeout(again, AGAIN_MS * (TIMES - left))
      this.#timers.add(timer)
    }
    let timer: NodeJS.Timeout | undefined
    this.#handlers.set(key, (response) => {
      clearTimeout(timer)
      left = 0
      onResponse(response)
    })
    again()
  }

  /** Answers a request; sent again by itself when the request comes again. */
  reply(
    request: SipMessage,
    line: string,
    more: { readonly headers?: readonly Header[]; readonly body?: string } = {},
  ): void {
    const same = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name): Header[] =>
      (request.headers.get(name.toLowerCase()) ?? []).map((value) => [name, value]),
    )
    const replaced = new Set((more.headers ?? []).map(([name]) => name))
    const headers = [...same.filter(([name]) => !replaced.has(name)), ...(more.headers ?? [])]
    const text = composeMessage(`SIP/2.0 ${line}`, headers, more.body)
    this.#replies.set(`${branchOf(request)} ${request.method}`, text)
    this.#send(text)
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers) {
      clearTimeout(timer)
    }
    this.#socket.close()
  }

  #take(text: string, onRequest: (request: SipMessage, wire: Wire) => void): void {
    const message = parseMessage(text)
    if (message === null) {
      return
    }
    if (message.method === '') {
      const method = header(message, 'cseq').split(' ')[1] ?? ''
      this.#handlers.get(`${branchOf(message)} ${method}`)?.(message)
      return
    }
    const key = `${branchOf(message)} ${message.method}`
    const known = this.#replies.get(key)
    if (known !== undefined) {
      this.#send(known)
    } else {
      onRequest(message, this)
    }
  }

  #send(text: string): void {
    if (!this.#closed) {
      this.#socket.send(Buffer.from(text, 'latin1'), PORTS.sip, HOST)
    }
  }
}
