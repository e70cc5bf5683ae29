// Any number of phones and trunks on one socket, each known by the user part of its address, played by a script.
//
// Asterisk calls them all at the same port. A phone that nobody picks up rings until it is cancelled; what a script does
// with it is the script's business. Nothing here knows what a call should become in the log.

import { PORTS } from '../place.ts'
import { addressOf, type Header, header, type SipMessage, userOf } from './message.ts'
import { callingEnds, type Ends, earOf, reasonHeader, sound, Talk } from './talk.ts'
import { Wire } from './wire.ts'

const HOST = '127.0.0.1'
const PATIENCE_MS = 40_000

/** Who calls what. With a `trunk`, `from` is the number that the outside caller shows. */
export interface Dialing {
  readonly from: string
  readonly to: string
  readonly trunk?: string
}

/** A call that a phone is making. */
export interface Outgoing {
  /** Resolves at the first sign of life (180 or 183) with the ends of what may become a talk. */
  readonly alive: Promise<Ends>
  /** Resolves when it is answered; rejects when it was refused. */
  readonly answered: Promise<Talk>
  /** Resolves with the status that refused it; rejects when it was answered. */
  readonly refused: Promise<number>
  /** `reason`: as RFC 3326 writes it. */
  readonly giveUp: (reason?: string) => void
}

/** A phone that is being called. */
export interface Incoming {
  /** Early media: 183 with sound, as carriers send announcements and ringing tones. */
  readonly progress: () => void
  readonly answer: () => Talk
  /** `status`: code and words, as in `486 Busy Here`. */
  readonly refuse: (status: string) => void
  /** Resolves when Asterisk no longer wants it. */
  readonly cancelled: Promise<void>
}

type Habit = (incoming: Incoming) => void

export class Phones {
  readonly #wire: Wire
  readonly #takers = new Map<string, (request: SipMessage) => void>()
  readonly #ringing = new Map<string, Incoming[]>()
  readonly #awaited = new Map<string, ((incoming: Incoming) => void)[]>()
  readonly #habits = new Map<string, Habit>()
  readonly #closed = new Map<string, string>()

  private constructor(wire: Wire) {
    this.#wire = wire
  }

  static async open(port: number): Promise<Phones> {
    let take: (request: SipMessage) => void = () => undefined
    const wire = await Wire.open(port, (request) => take(request))
    const phones = new Phones(wire)
    take = (request) => phones.#take(request)
    return phones
  }

  close(): void {
    this.#wire.close()
  }

  /** What the phone does with every call from now on, once it rings. */
  always(user: string, habit: Habit): void {
    this.#habits.set(user, habit)
  }

  /** Answers every call of this phone from now on with that status, as in `486 Busy Here`, and never rings. */
  closes(user: string, status: string): void {
    this.#closed.set(user, status)
  }

  /** The next call that reaches this phone, which is ringing then. */
  async rung(user: string): Promise<Incoming> {
    const waiting = this.#ringing.get(user)?.shift()
    if (waiting !== undefined) {
      return waiting
    }
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Nobody called ${user}.`)), PATIENCE_MS)
      const taker = (incoming: Incoming): void => {
        clearTimeout(late)
        resolve(incoming)
      }
      this.#awaited.set(user, [...(this.#awaited.get(user) ?? []), taker])
    })
  }

  /** Picks up the next call of this phone after it rang for `ringMs`. */
  async picksUp(user: string, ringMs: number): Promise<Talk> {
    const incoming = await this.rung(user)
    await new Promise((resolve) => setTimeout(resolve, ringMs))
    return incoming.answer()
  }

  call({ from, to, trunk }: Dialing): Outgoing {
    const wire = this.#wire
    const uri = `sip:${to}@${HOST}:${PORTS.sip}`
    const branch = `z9hG4bK-${wire.unique()}`
    const callId = wire.unique()
    const base: Header[] = [
      ['From', `"Caller ${from}" <sip:${from}@${HOST}>;tag=${wire.unique()}`],
      ['Call-ID', callId],
    ]
    const headers: Header[] = [
      ...base,
      ['To', `<${uri}>`],
      ['CSeq', '1 INVITE'],
      ['Contact', `<sip:${from}@${HOST}:${wire.port}>`],
      ['X-Trunk', trunk ?? 'none'],
      ['Content-Type', 'application/sdp'],
    ]
    const outcome = promiseOf<{ readonly talk: Talk | null; readonly status: number }>()
    const alive = promiseOf<Ends>()
    wire.request({ method: 'INVITE', uri, branch, headers, body: sound() }, (response) => {
      if (response.status > 100) {
        alive.resolve(callingEnds(response))
      }
      if (response.status < 200) {
        return
      }
      const refused = response.status >= 300
      const ends = callingEnds(response)
      const ack: Header[] = [...base, ['To', ends.remote], ['CSeq', '1 ACK']]
      const target = refused ? uri : ends.target
      wire.request(
        { method: 'ACK', uri: target, branch: refused ? branch : `${branch}-ack`, headers: ack },
        () => undefined,
      )
      if (!refused && !this.#takers.has(callId)) {
        const talk = new Talk(wire, ends)
        this.#takers.set(callId, (request) => talk.take(request))
        outcome.resolve({ talk, status: response.status })
      } else {
        outcome.resolve({ talk: null, status: response.status })
      }
    })
    const answered = outcome.promise.then(({ talk, status }) => {
      if (talk === null) {
        throw new Error(`The call from ${from} to ${to} was refused with ${status}.`)
      }
      return talk
    })
    const refused = outcome.promise.then(({ talk, status }) => {
      if (talk !== null) {
        throw new Error(`The call from ${from} to ${to} was answered.`)
      }
      return status
    })
    for (const promise of [answered, refused]) {
      promise.catch(() => undefined)
    }
    const giveUp = (reason?: string): void => {
      const own: Header[] = [['To', `<${uri}>`], ['CSeq', '1 CANCEL'], ...reasonHeader(reason)]
      wire.request({ method: 'CANCEL', uri, branch, headers: [...base, ...own] }, () => undefined)
    }
    return { alive: alive.promise, answered, refused, giveUp }
  }

  #take(request: SipMessage): void {
    const callId = header(request, 'call-id')
    const taker = this.#takers.get(callId)
    if (taker !== undefined) {
      return taker(request)
    }
    if (request.method === 'INVITE') {
      return this.#called(request, callId)
    }
    if (request.method !== 'ACK') {
      this.#wire.reply(request, '481 No Such Call')
    }
  }

  #called(invite: SipMessage, callId: string): void {
    const wire = this.#wire
    const tag = wire.unique()
    const to = `${header(invite, 'to')};tag=${tag}`
    const user = userOf(invite.uri)
    const own: Header[] = [
      ['To', to],
      ['Contact', `<sip:${user}@${HOST}:${wire.port}>`],
    ]
    const closed = this.#closed.get(user)
    if (closed !== undefined) {
      return wire.reply(invite, closed, { headers: own })
    }
    const cancelled = promiseOf<void>()
    let open = true
    this.#takers.set(callId, (request) => {
      if (request.method === 'ACK') {
        return
      }
      wire.reply(request, open ? '200 OK' : '481 No Such Call')
      if (request.method !== 'CANCEL' || !open) {
        return
      }
      open = false
      wire.reply(invite, '487 Request Terminated', { headers: own })
      cancelled.resolve()
    })
    const body: Header = ['Content-Type', 'application/sdp']
    const incoming: Incoming = {
      progress: () => wire.reply(invite, '183 Session Progress', { headers: [...own, body], body: sound() }),
      answer: () => {
        open = false
        wire.reply(invite, '200 OK', { headers: [...own, body], body: sound() })
        const ends = {
          callId,
          local: to,
          remote: header(invite, 'from'),
          target: addressOf(header(invite, 'contact')),
          ear: earOf(invite),
        }
        const talk = new Talk(wire, ends)
        this.#takers.set(callId, (request) => talk.take(request))
        return talk
      },
      refuse: (status) => {
        open = false
        wire.reply(invite, status, { headers: own })
      },
      cancelled: cancelled.promise,
    }
    wire.reply(invite, '100 Trying')
    this.#offer(user, incoming, () => wire.reply(invite, '180 Ringing', { headers: own }))
  }

  #offer(user: string, incoming: Incoming, ring: () => void): void {
    ring()
    const habit = this.#habits.get(user)
    if (habit !== undefined) {
      return habit(incoming)
    }
    const taker = this.#awaited.get(user)?.shift()
    if (taker !== undefined) {
      return taker(incoming)
    }
    this.#ringing.set(user, [...(this.#ringing.get(user) ?? []), incoming])
    void incoming.cancelled.then(() => {
      this.#ringing.set(
        user,
        (this.#ringing.get(user) ?? []).filter((one) => one !== incoming),
      )
    })
  }
}

function promiseOf<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
