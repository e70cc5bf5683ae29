// One phone's end of an answered call: what a person with a phone in the hand can do then.
//
// Every act resolves when Asterisk has taken it, and rejects with its status when it refused. The phone takes what comes
// (NOTIFY, a new offer, BYE) by itself.

import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { PORTS } from '../place.ts'
import { addressOf, type Header, header, type SipMessage, tagOf } from './message.ts'
import type { Wire } from './wire.ts'

/** What the two ends have agreed on: From and To as this phone writes them, with both tags. */
export interface Ends {
  readonly callId: string
  readonly local: string
  readonly remote: string
  /** The far end's contact. */
  readonly target: string
  /** The UDP port where the far end hears. */
  readonly ear: number
}

type Sending = 'sendrecv' | 'sendonly'

const PACKET_MS = 20
const RTP_HEADER_BYTES = 12
const SAMPLES = 160

// RTP version 2, payload type 0.
function soundPacket(number: number): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + SAMPLES, 0xff)
  packet.writeUInt16BE(0x8000, 0)
  packet.writeUInt16BE(number, 2)
  packet.writeUInt32BE(number * SAMPLES, 4)
  packet.writeUInt32BE(1, 8)
  return packet
}

/** The offer or answer of a phone; its sound goes nowhere. */
export function sound(sending: Sending = 'sendrecv', version = 1): string {
  return [
    'v=0',
    `o=phone 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${PORTS.silence} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    `a=${sending}`,
    '',
  ].join('\r\n')
}

export class Talk {
  readonly #wire: Wire
  readonly #ends: Ends
  #cseq = 100
  #version = 1
  #over = false
  #end: () => void = () => undefined
  /** Resolves when either side hangs up. */
  readonly over: Promise<void>

  constructor(wire: Wire, ends: Ends) {
    this.#wire = wire
    this.#ends = ends
    this.over = new Promise((resolve) => {
      this.#end = () => {
        this.#over = true
        resolve()
      }
    })
  }

  get callId(): string {
    return this.#ends.callId
  }

  /** What Asterisk asks of this phone within the call. */
  take(request: SipMessage): void {
    if (request.method === 'ACK') {
      return
    }
    if (request.method === 'INVITE') {
      return this.#wire.reply(request, '200 OK', { headers: this.#sound(), body: sound('sendrecv', ++this.#version) })
    }
    this.#wire.reply(request, '200 OK')
    if (request.method === 'BYE') {
      this.#end()
    }
  }

  /** Hangs up, for a `reason` as RFC 3326 writes it; does nothing when the call is over. */
  async hangUp(reason?: string): Promise<void> {
    if (this.#over) {
      return
    }
    this.#end()
    await this.#ask('BYE', reasonHeader(reason))
  }

  /** Sends the other party to `number` and hangs up, as the transfer key of a phone does. */
  async transfer(number: string): Promise<void> {
    await this.#refer(`<sip:${number}@127.0.0.1:${PORTS.sip}>`)
  }

  /** Connects the other party with whom this phone talks in `consultation`, and leaves both. */
  async transferTo(number: string, consultation: Talk): Promise<void> {
    await this.transferToEnds(number, consultation.#ends)
    await consultation.hangUp()
  }

  /** The same with a call that still rings: its ends are all there is of it. */
  async transferToEnds(number: string, { callId, local, remote }: Ends): Promise<void> {
    const replaces = encodeURIComponent(`${callId};to-tag=${tagOf(remote)};from-tag=${tagOf(local)}`)
    await this.#refer(`<sip:${number}@127.0.0.1:${PORTS.sip}?Replaces=${replaces}>`)
  }

  async hold(): Promise<void> {
    await this.#offer('sendonly')
  }

  async resume(): Promise<void> {
    await this.#offer('sendrecv')
  }

  /** Presses keys, one after the other. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      const headers: Header[] = [['Content-Type', 'application/dtmf-relay']]
      await this.#ask('INFO', headers, `Signal=${key}\r\nDuration=100\r\n`)
      await sleep(120)
    }
  }

  /** Speaks for so long, silence in mu-law: Asterisk does some things only when sound comes. */
  async speak(ms: number): Promise<void> {
    const mouth = createSocket('udp4')
    for (let packet = 0; packet * PACKET_MS < ms; packet += 1) {
      mouth.send(soundPacket(packet), this.#ends.ear, '127.0.0.1')
      await sleep(PACKET_MS)
    }
    mouth.close()
  }

  async #refer(to: string): Promise<void> {
    await this.#ask('REFER', [
      ['Refer-To', to],
      ['Referred-By', `<${addressOf(this.#ends.local)}>`],
    ])
    await sleep(200)
    await this.hangUp()
  }

  async #offer(sending: Sending): Promise<void> {
    const branch = this.#branch()
    this.#cseq += 1
    const cseq = this.#cseq
    await this.#ask('INVITE', this.#sound(), sound(sending, ++this.#version), { branch, cseq })
    this.#request('ACK', { branch: `${branch}-ack`, cseq, headers: [] }, () => undefined)
  }

  #sound(): Header[] {
    return [
      ['Contact', `<sip:phone@127.0.0.1:${this.#wire.port}>`],
      ['Content-Type', 'application/sdp'],
    ]
  }

  #branch(): string {
    return `z9hG4bK-${this.#wire.unique()}`
  }

  async #ask(
    method: string,
    headers: readonly Header[] = [],
    body = '',
    known?: { readonly branch: string; readonly cseq: number },
  ): Promise<void> {
    const { branch, cseq } = known ?? { branch: this.#branch(), cseq: ++this.#cseq }
    const status = await new Promise<number>((resolve) => {
      this.#request(method, { branch, cseq, headers, body }, (response) => {
        if (response.status >= 200) {
          resolve(response.status)
        }
      })
    })
    if (status >= 300) {
      throw new Error(`Asterisk answered ${method} with ${status}.`)
    }
  }

  #request(
    method: string,
    what: {
      readonly branch: string
      readonly cseq: number
      readonly headers: readonly Header[]
      readonly body?: string
    },
    onResponse: (response: SipMessage) => void,
  ): void {
    const contact: Header = ['Contact', `<sip:phone@127.0.0.1:${this.#wire.port}>`]
    const { callId, local, remote, target } = this.#ends
    const headers: Header[] = [
      ['From', local],
      ['To', remote],
      ['Call-ID', callId],
      ['CSeq', `${what.cseq} ${method}`],
      ...(what.headers.some(([name]) => name === 'Contact') ? [] : [contact]),
      ...what.headers,
    ]
    const more = what.body === undefined ? {} : { body: what.body }
    this.#wire.request({ method, uri: target, branch: what.branch, headers, ...more }, onResponse)
  }
}

/** Why a BYE or a CANCEL is sent, as RFC 3326 writes it; nothing without a reason. */
export function reasonHeader(reason?: string): readonly Header[] {
  return reason === undefined ? [] : [['Reason', reason]]
}

/** The port where the sender of that offer or answer hears; 0 for none. */
export function earOf({ body }: SipMessage): number {
  return Number(/^m=audio (\d+)/m.exec(body)?.[1] ?? 0)
}

/** The ends as the phone that called sees them, from the 200 to its INVITE. */
export function callingEnds(answer: SipMessage): Ends {
  return {
    callId: header(answer, 'call-id'),
    local: header(answer, 'from'),
    remote: header(answer, 'to'),
    target: addressOf(header(answer, 'contact')),
    ear: earOf(answer),
  }
}
