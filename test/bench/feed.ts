// A simulated PBX behind a relay that can put ready-made frames into the event socket, as fast as the listener takes them.
//
// The listener is the program as it is: it connects, subscribes and takes its snapshot from the PBX. What is put in goes between
// two writes of the PBX, never into one.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Pbx, startPbx } from '../../src/pbx-sim/pbx.ts'
import { ACCESS } from './access.ts'
import { createHastySender } from './hastySender.ts'

export interface Feed {
  readonly url: string
  readonly pbx: Pbx
  /** Sends to the latest listener; resolves when the system has taken all. `perSecond`: pieces; absent: no pause. */
  send(pieces: readonly Buffer[], perSecond?: number): Promise<void>
  /** Sends to who listens now, if anybody does, without waiting; who leaves too much unread is cut off. */
  post(piece: Buffer): void
  stop(): Promise<void>
}

/** On loopback, without a call. */
export async function startFeed(): Promise<Feed> {
  const pbx = await startPbx(ACCESS)
  const sockets = new Set<Socket>()
  let listener: Socket | null = null
  let sendHastily = (_piece: Buffer): void => undefined
  const server = createServer((near) => {
    const far = connect(Number(new URL(pbx.url).port), '127.0.0.1')
    near.once('data', (head) => {
      if (/^upgrade: *websocket/im.test(head.toString('latin1'))) {
        // The answer to it comes before the first frame.
        far.once('data', () => {
          listener = near
          sendHastily = createHastySender(near)
        })
      }
    })
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one)
      one.on('data', (data) => other.write(data))
      one.on('end', () => other.end())
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    pbx,
    async send(pieces, perSecond) {
      if (listener === null) {
        throw new Error('nobody listens to the feed')
      }
      const socket: Socket = listener
      const begun = performance.now()
      for (const [index, piece] of pieces.entries()) {
        if (perSecond !== undefined) {
          await sleep(Math.max(0, begun + (index * 1000) / perSecond - performance.now()))
        }
        if (socket.destroyed) {
          throw new Error('the listener closed its socket while it was fed')
        }
        if (!socket.write(piece)) {
          await drained(socket)
        }
      }
    },
    post: (piece) => sendHastily(piece),
    async stop() {
      for (const socket of sockets) {
        socket.destroy()
      }
      server.close()
      await pbx.stop()
    },
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
