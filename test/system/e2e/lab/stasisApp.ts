// A small third-party program: an ARI application that answers callers, calls an agent and bridges both.
//
// It listens under its own name while the exporter listens under another. What it does not understand it leaves alone.

import { ari } from './asterisk.ts'
import { ACCESS, ARI_URL } from './place.ts'

/** A running application; `failed` holds what went wrong in it. */
export interface Desk {
  readonly failed: readonly string[]
  readonly close: () => void
}

interface ExpectedRow {
  readonly type?: string
  readonly args?: readonly string[]
  readonly channel?: { readonly id: string }
}

/** Connects as `name`; every caller waits in a bridge of that type and is then bridged with `agent` (an endpoint's name). */
export async function openDesk(name: string, agent: string, waiting: 'mixing' | 'holding'): Promise<Desk> {
  const url = `${ARI_URL.replace('http', 'ws')}/ari/events?app=${name}&api_key=${ACCESS.user}:${ACCESS.password}`
  const socket = new WebSocket(url)
  const failed: string[] = []
  const bridges = new Map<string, Served>()
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(String(data)) as ExpectedRow
    void handle(event, { name, agent, waiting, bridges }).catch((error: unknown) => failed.push(String(error)))
  }
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('ARI did not take the application.'))
  })
  return { failed, close: () => socket.close() }
}

interface Served {
  bridge: string
  agent: string | null
}

interface State {
  readonly name: string
  readonly agent: string
  readonly waiting: 'mixing' | 'holding'
  /** By the caller's channel. */
  readonly bridges: Map<string, Served>
}

async function handle(event: ExpectedRow, state: State): Promise<void> {
  const { channel, args = [] } = event
  if (channel === undefined) {
    return
  }
  if (event.type === 'StasisStart' && args.length === 0) {
    await callerCame(channel.id, state)
  } else if (event.type === 'StasisStart') {
    await agentAnswered(channel.id, args[0] ?? '', state)
  } else if (event.type === 'StasisEnd') {
    await callerLeft(channel.id, state)
  }
}

async function callerCame(caller: string, { name, agent, waiting, bridges }: State): Promise<void> {
  await ari(`/channels/${caller}/answer`, 'POST')
  const bridge = await newBridge(waiting)
  bridges.set(caller, { bridge, agent: null })
  await ari(`/bridges/${bridge}/addChannel?channel=${caller}`, 'POST')
  await ari(`/channels?endpoint=PJSIP/${agent}&app=${name}&appArgs=${caller}&callerId=desk&timeout=5`, 'POST')
}

async function agentAnswered(agent: string, caller: string, { waiting, bridges }: State): Promise<void> {
  const served = bridges.get(caller)
  if (served === undefined) {
    return
  }
  served.agent = agent
  if (waiting === 'holding') {
    await ari(`/bridges/${served.bridge}`, 'DELETE')
    served.bridge = await newBridge('mixing')
    await ari(`/bridges/${served.bridge}/addChannel?channel=${caller}`, 'POST')
  }
  await ari(`/bridges/${served.bridge}/addChannel?channel=${agent}`, 'POST')
}

async function callerLeft(caller: string, { bridges }: State): Promise<void> {
  const served = bridges.get(caller)
  if (served === undefined) {
    return
  }
  if (served.agent !== null) {
    await ari(`/channels/${served.agent}`, 'DELETE').catch(() => undefined)
  }
  await ari(`/bridges/${served.bridge}`, 'DELETE')
}

async function newBridge(type: 'mixing' | 'holding'): Promise<string> {
  const { id } = (await ari(`/bridges?type=${type}`, 'POST')) as { id: string }
  return id
}
