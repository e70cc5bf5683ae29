// One call that is not answered, from any address of loopback, with a password if Asterisk asks for one.

import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { PORTS } from './place.ts'

export interface RefusedCall {
  /** The address that calls: Asterisk may recognise it. */
  readonly address: string
  /** The user in the From header. */
  readonly user: string
  readonly to: string
  /** Null: Asterisk is not expected to ask. */
  readonly password: string | null
}

const PATIENCE_MS = 15_000

/** Resolves with the status that refused the call. */
export async function refusedCall(call: RefusedCall): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, call.address, resolve))
  const { port } = socket.address()
  const uri = `sip:${call.to}@127.0.0.1:${PORTS.sip}`
  const id = `${process.pid}-${port}`
  const send = (method: string, sequence: number, more: readonly string[], body = ''): void => {
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${call.address}:${port};branch=z9hG4bK-${id}-${sequence};rport`,
      `From: <sip:${call.user}@${call.address}>;tag=${id}`,
      `Call-ID: ${id}@${call.address}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:${call.user}@${call.address}:${port}>`,
      'Max-Forwards: 70',
      ...more,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ]
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, PORTS.sip, '127.0.0.1')
  }
  const sdp = [
    ...['v=0', `o=- 1 1 IN IP4 ${call.address}`, 's=-', `c=IN IP4 ${call.address}`, 't=0 0'],
    ...['m=audio 27000 RTP/AVP 0 8', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', ''],
  ].join('\r\n')

  return new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Asterisk never refused the call to ${call.to}.`)), PATIENCE_MS)
    let sequence = 1
    socket.on('message', (data) => {
      const text = data.toString('latin1')
      const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1])
      const answered = Number(/^CSeq: (\d+)/im.exec(text)?.[1])
      if (status < 200 || answered !== sequence) {
        return
      }
      send('ACK', sequence, [/^To: .*$/im.exec(text)?.[0] ?? ''])
      if (status === 401 && call.password !== null && sequence === 1) {
        sequence = 2
        send('INVITE', sequence, [`To: <${uri}>`, authorization(call, uri, text)], sdp)
        return
      }
      clearTimeout(late)
      resolve(status)
    })
    send('INVITE', sequence, [`To: <${uri}>`], sdp)
  }).finally(() => socket.close())
}

// RFC 2617 with qop=auth.
function authorization({ user, password }: RefusedCall, uri: string, challenge: string): string {
  const of = (name: string): string => new RegExp(`[ ,]${name}="?([^",\\r]+)`, 'i').exec(challenge)?.[1] ?? ''
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const [realm, nonce, opaque] = [of('realm'), of('nonce'), of('opaque')]
  const one = md5(`${user}:${realm}:${password}`)
  const response = md5(`${one}:${nonce}:00000001:abcdef:auth:${md5(`INVITE:${uri}`)}`)
  const parts = [
    `username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`,
    `qop=auth, nc=00000001, cnonce="abcdef", opaque="${opaque}"`,
  ]
  return `Authorization: Digest ${parts.join(', ')}`
}
