// A way through to Asterisk that can be cut: a TCP relay on loopback, between the program and ARI.

import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  readonly url: string
  /** Resets every connection that goes through it; new ones are let through. Returns how many there were. */
  cut(): number
  close(): Promise<void>
}

export async function relayTo(port: number): Promise<Relay> {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    open.add(near)
    near.on('close', () => open.delete(near))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${own}`,
    cut() {
      const count = open.size
      for (const socket of open) socket.resetAndDestroy()
      return count
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
