// SIP messages as text: taken apart, and put together. Only what a phone on the same machine needs.
//
// Never decides anything; it knows no call and no socket. Header names are compared without regard to case.

export interface SipMessage {
  /** Of a request; empty in a response. */
  readonly method: string
  /** Of a request: whom it asks for. */
  readonly uri: string
  /** Of a response; 0 in a request. */
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

export type Header = readonly [name: string, value: string]

/** Takes a datagram apart; null when it is no SIP (a keep-alive). */
export function parseMessage(text: string): SipMessage | null {
  const [head = '', body = ''] = splitOnce(text, '\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first)
  const response = /^SIP\/2\.0 (\d{3})/.exec(first)
  if (request === null && response === null) {
    return null
  }
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [name = '', value = ''] = splitOnce(line, ':')
    const key = name.trim().toLowerCase()
    headers.set(key, [...(headers.get(key) ?? []), value.trim()])
  }
  return {
    method: request?.[1] ?? '',
    uri: request?.[2] ?? '',
    status: Number(response?.[1] ?? 0),
    headers,
    body,
  }
}

/** The first header of that name, or an empty text. */
export function header(message: SipMessage, name: string): string {
  return message.headers.get(name.toLowerCase())?.[0] ?? ''
}

/** Puts a message together; Content-Length comes by itself. */
export function composeMessage(first: string, headers: readonly Header[], body = ''): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return [first, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

/** The user part of a SIP address (`sip:102@127.0.0.1` -> `102`). */
export function userOf(uri: string): string {
  return /sips?:([^@;>]+)@/.exec(uri)?.[1] ?? ''
}

/** The address between the angle brackets, or the whole value without them. */
export function addressOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value
}

/** The tag of a From or To, or an empty text. */
export function tagOf(value: string): string {
  return /;tag=([^;\s]+)/.exec(value)?.[1] ?? ''
}

/** The branch of a Via: what a response and its request have in common. */
export function branchOf(message: SipMessage): string {
  return /;branch=([^;\s]+)/.exec(header(message, 'via'))?.[1] ?? ''
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}
