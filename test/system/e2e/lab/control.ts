// A small third-party program: an ARI application that follows a script, step by step.
//
// It listens under a name of its own while the exporter listens under another.

import { ari } from './asterisk.ts'
import { ACCESS, ARI_URL } from './place.ts'

const PATIENCE_MS = 40_000

/** What Asterisk sends to the application, as far as scripts need it. */
export interface Heard {
  readonly type: string
  readonly args?: readonly string[]
  readonly channel?: { readonly id: string; readonly state: string }
  readonly peer?: { readonly id: string }
  readonly dialstatus?: string
}

type Matching = (event: Heard) => boolean

export class Control {
  readonly app: string
  readonly #socket: WebSocket
  readonly #heard: Heard[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(app: string) {
    this.app = app
    const url = `${ARI_URL.replace('http', 'ws')}/ari/events?app=${app}&api_key=${ACCESS.user}:${ACCESS.password}`
    this.#socket = new WebSocket(url)
    this.#socket.onmessage = ({ data }) => {
      this.#heard.push(JSON.parse(String(data)) as Heard)
      for (const look of this.#waiting) {
        look()
      }
    }
  }

  /** Connects as the application `app`. */
  static async open(app: string): Promise<Control> {
    const control = new Control(app)
    await new Promise((resolve, reject) => {
      control.#socket.onopen = resolve
      control.#socket.onerror = () => reject(new Error('ARI did not take the application.'))
    })
    return control
  }

  close(): void {
    this.#socket.close()
  }

  /** The next event like this that nobody has taken yet, be it past or to come. */
  async next(what: string, matching: Matching): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`${this.app} never heard ${what}.`))
      }, PATIENCE_MS)
      const look = (): void => {
        const index = this.#heard.findIndex(matching)
        const [event] = index < 0 ? [] : this.#heard.splice(index, 1)
        if (event === undefined) {
          return
        }
        clearTimeout(late)
        this.#waiting.delete(look)
        resolve(event)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** The channel that next enters the application with that first argument; '' for none. */
  async entered(argument = ''): Promise<string> {
    const { channel } = await this.next(
      `that a channel enters with "${argument}"`,
      ({ type, args = [] }) => type === 'StasisStart' && (args[0] ?? '') === argument,
    )
    return channel?.id ?? ''
  }

  /** Resolves when that channel has left the application: hung up or sent on. */
  async left(id: string): Promise<void> {
    await this.next(`that ${id} leaves`, ({ type, channel }) => type === 'StasisEnd' && channel?.id === id)
  }

  /** Has Asterisk call an endpoint, which enters the application with that argument when it answers. Resolves with the channel. */
  async originate(endpoint: string, argument: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#made('/channels', { endpoint, app: this.app, appArgs: argument, timeout: '8', ...more })
  }

  /** Makes a channel to an endpoint that is not dialed yet. Resolves with the channel. */
  async create(endpoint: string, argument: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#made('/channels/create', { endpoint, app: this.app, appArgs: argument, ...more })
  }

  /** Dials a created channel, for `caller` where there is one. */
  async dial(channel: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.post(`/channels/${channel}/dial`, more)
  }

  /** A sound source or a listener, such as a voice bot has: media over RTP, to where nobody listens. */
  async media(argument: string): Promise<string> {
    const more = { external_host: '127.0.0.1:9', format: 'ulaw', data: argument }
    return this.#made('/channels/externalMedia', { app: this.app, ...more })
  }

  async bridge(type: string, ...channels: readonly string[]): Promise<string> {
    const bridge = await this.#made('/bridges', { type })
    await this.add(bridge, ...channels)
    return bridge
  }

  async add(bridge: string, ...channels: readonly string[]): Promise<void> {
    if (channels.length > 0) {
      await this.post(`/bridges/${bridge}/addChannel`, { channel: channels.join() })
    }
  }

  async post(path: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await ari(`${path}?${new URLSearchParams(fields)}`, 'POST')
  }

  /** Hangs up a channel or takes a bridge away; nothing happens when it is gone already. */
  async remove(kind: 'channels' | 'bridges', id: string): Promise<void> {
    await ari(`/${kind}/${id}`, 'DELETE').catch(() => undefined)
  }

  /** Hangs up a channel for that reason, in ARI's words. */
  async hangUp(id: string, reason: string): Promise<void> {
    await ari(`/channels/${id}?reason=${reason}`, 'DELETE')
  }

  async #made(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const { id } = (await ari(`${path}?${new URLSearchParams(fields)}`, 'POST')) as { readonly id: string }
    return id
  }
}
