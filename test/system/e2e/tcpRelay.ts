// A way through to Asterisk that can be cut, held up and slowed down: a TCP relay on loopback, between the program and ARI.
//
// What it holds back waits in the buffers of the sockets, as it would on a bad line; it never loses a byte by itself.

import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  readonly url: string
  /** Resets every connection that goes through it; new ones are let through. Returns how many there were. */
  cut(): number
  /** Holds back all bytes, also those of new connections, until `flow`. */
  hold(): void
  /** Lets so many bytes a second through in each direction, until `flow`. */
  trickle(bytesPerSecond: number): void
  flow(): void
  /** Lets nothing more through the connections there are, and closes none of them; new ones are let through. */
  hush(): void
  close(): Promise<void>
}

/** One direction of a connection. */
type Way = readonly [from: Socket, to: Socket]

const STEP_MS = 50

export async function relayTo(port: number): Promise<Relay> {
  const open = new Set<Socket>()
  const hushed = new Set<Socket>()
  const ways = new Set<Way>()
  let trickling: NodeJS.Timeout | undefined
  let held = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const way of [
      [near, far],
      [far, near],
    ] as const) {
      const [one, other] = way
      ways.add(way)
      if (!held) {
        one.pipe(other)
      }
      one.on('error', () => other.destroy())
      one.on('close', () => {
        ways.delete(way)
        if (!hushed.has(one)) {
          other.destroy()
        }
      })
    }
    open.add(near)
    near.on('close', () => open.delete(near))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : 0

  function hold(): void {
    held = true
    for (const [one, other] of ways) {
      one.unpipe(other)
    }
  }

  return {
    url: `http://127.0.0.1:${own}`,
    cut() {
      const count = open.size
      for (const socket of open) {
        socket.resetAndDestroy()
      }
      return count
    },
    hold,
    trickle(bytesPerSecond) {
      hold()
      trickling = setInterval(() => {
        for (const [one, other] of ways) {
          passOn(one, other, (bytesPerSecond * STEP_MS) / 1000)
        }
      }, STEP_MS)
    },
    flow() {
      clearInterval(trickling)
      held = false
      for (const [one, other] of ways) {
        one.pipe(other)
      }
    },
    hush() {
      for (const [one, other] of ways) {
        one.unpipe(other)
        hushed.add(one)
      }
      ways.clear()
      open.clear()
    },
    async close() {
      clearInterval(trickling)
      for (const socket of [...open, ...hushed]) {
        socket.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function passOn(one: Socket, other: Socket, bytes: number): void {
  const chunk: unknown = one.read(Math.min(Math.floor(bytes), one.readableLength))
  if (chunk instanceof Buffer) {
    other.write(chunk)
  }
}
