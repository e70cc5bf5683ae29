// Another program that listens under a name of its choice, for a while.

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

export interface OtherListener {
  /** Of the PBX: `http://host:port`. */
  readonly url: string
  readonly app: string
  readonly user: string
  readonly password: string
}

/** Listens for so long, hears nothing of it, and gives the name back. */
export async function listenFor(ms: number, { url, app, user, password }: OtherListener): Promise<void> {
  const other = new WebSocket(`${url.replace('http', 'ws')}/ari/events?app=${app}&api_key=${user}:${password}`)
  other.on('error', () => undefined)
  await sleep(ms)
  other.close()
}
