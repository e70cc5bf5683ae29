// Too many requests: in one packet, from many at once, and by those who never take the answer.
//
// Plain clients over bare sockets; they know nothing of the server.

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { scrape, sumOf } from '../program/program.ts'
import { type Acted, type Address, requestText, saying } from './attack.ts'

const LASTS_MS = 3_000
const SCRAPE = requestText('/metrics')

/** Keeps so many connections open; each sends `text` again after it was cut, and reads only if asked to. */
async function siege(address: Address, connections: number, text: string, reads = false): Promise<number> {
  const open = new Set<Socket>()
  let opened = 0
  let over = false
  const add = (): void => {
    if (over) {
      return
    }
    opened += 1
    const socket = saying(address, text)
    if (reads) {
      socket.resume()
    } else {
      socket.pause()
    }
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      setTimeout(add, 20)
    })
    socket.on('end', () => socket.destroy())
  }
  for (let count = 0; count < connections; count++) {
    add()
  }
  await sleep(LASTS_MS)
  over = true
  for (const socket of open) {
    socket.destroy()
  }
  return opened
}

interface Siege {
  readonly point: number
  readonly act: (address: Address) => Promise<Acted>
}

/** By name, with the point that each belongs to, in the order in which they are made. */
export const SIEGES: Readonly<Record<string, Siege>> = {
  '64 KB of pipelined scrapes': {
    point: 5,
    async act(address) {
      const packet = SCRAPE.repeat(Math.floor(65_536 / SCRAPE.length))
      const opened = await siege(address, 10, packet, true)
      return { tried: `10 connections at a time, ${opened} in ${LASTS_MS / 1_000} s, 64 KB of GET /metrics each` }
    },
  },
  '64 KB of pipelined requests for live calls': {
    point: 5,
    async act(address) {
      const request = requestText('/api/calls/active?limit=5000')
      const opened = await siege(address, 10, request.repeat(Math.floor(65_536 / request.length)), true)
      return { tried: `10 connections at a time, ${opened} in ${LASTS_MS / 1_000} s, each reads what it gets` }
    },
  },
  'a crowd that scrapes': {
    point: 5,
    async act(address) {
      const opened = await siege(address, 100, requestText('/metrics', ['Connection: close']), true)
      return { tried: `100 at a time, ${opened} scrapes in ${LASTS_MS / 1_000} s` }
    },
  },
  'readers that do not read': {
    point: 5,
    async act(address) {
      const opened = await siege(address, 40, SCRAPE.repeat(3))
      return { tried: `${opened} connections with 3 scrapes each, none read` }
    },
  },
  'downloads of the whole log': {
    point: 6,
    async act(address) {
      const opened = await siege(address, 50, requestText('/api/calls.csv', ['Connection: close']), true)
      return { tried: `50 at a time, ${opened} in ${LASTS_MS / 1_000} s` }
    },
  },
  'heavy questions, of which nobody waits for the answer': {
    point: 6,
    async act(address) {
      const far = '?from=1990-01-01&to=2100-01-01'
      const text = ['/api/stats', '/api/operators'].map((path) => requestText(path + far)).join('')
      const opened = await siege(address, 50, `${text}${requestText('/api/calls?limit=500&text=nobody')}`)
      return { tried: `${opened} connections with 3 questions each, none read` }
    },
  },
  'refused upgrades': { point: 8, act: refusedUpgrades },
}

const UPGRADES: readonly (readonly [string, string])[] = [
  ['/api/live', 'websocket'],
  ['/-/healthy', 'h2c'],
  ['/nowhere', 'websocket'],
]

async function refusedUpgrades(address: Address): Promise<Acted> {
  const texts = UPGRADES.map(([path, protocol]) =>
    requestText(path, ['Connection: Upgrade', `Upgrade: ${protocol}`, 'Origin: http://evil.example']),
  )
  const before = await openFiles(address)
  // Half of them read the answer; none ends its own side.
  const sockets: Socket[] = []
  for (let index = 0; index < 600; index++) {
    const socket = saying(address, texts[index % texts.length] ?? '')
    sockets.push(index % 2 === 0 ? socket.resume() : socket.pause())
    if (index % 20 === 0) {
      await sleep(LASTS_MS / 60)
    }
  }
  await sleep(LASTS_MS / 2)
  const held = Math.max(0, (await openFiles(address)) - before)
  for (const socket of sockets) {
    socket.destroy()
  }
  return { tried: `600 of three kinds, ${held} descriptors held after ${LASTS_MS / 1_000} s`, held: held < 50 }
}

/** Descriptors that the program holds. */
async function openFiles({ port }: Address): Promise<number> {
  return sumOf(await scrape(port), 'process_open_fds')
}
