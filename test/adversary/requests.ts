// Too many requests: in one packet, from many at once, and by those who never take the answer.

import type { Socket } from 'node:net'
import { type Attack, openFiles, requestText, saying, sleep, type Target, whileWatched } from './attack.ts'

const LASTS_MS = 3_000
const SCRAPE = requestText('/metrics')

/** Keeps so many connections open, each saying `text` anew once it was cut, and reading nothing unless told to. */
async function siege(target: Target, connections: number, text: string, reads = false): Promise<number> {
  const open = new Set<Socket>()
  let opened = 0
  let over = false
  const add = (): void => {
    if (over) return
    opened += 1
    const socket = saying(target, text)
    if (reads) socket.resume()
    else socket.pause()
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      setTimeout(add, 20)
    })
    socket.on('end', () => socket.destroy())
  }
  for (let count = 0; count < connections; count++) add()
  await sleep(LASTS_MS)
  over = true
  for (const socket of open) socket.destroy()
  return opened
}

export const pipelined: Attack = {
  name: '64 KB of pipelined requests',
  run: (target) =>
    whileWatched(target, async () => {
      const packet = SCRAPE.repeat(Math.floor(65_536 / SCRAPE.length))
      const opened = await siege(target, 10, packet, true)
      return { tried: `10 connections at a time, ${opened} in ${LASTS_MS / 1_000} s, 64 KB of GET /metrics each` }
    }),
}

export const pipelinedReading: Attack = {
  name: '64 KB of pipelined requests for live calls',
  run: (target) =>
    whileWatched(target, async () => {
      const request = requestText('/api/calls/active?limit=5000')
      const opened = await siege(target, 10, request.repeat(Math.floor(65_536 / request.length)), true)
      return { tried: `10 connections at a time, ${opened} in ${LASTS_MS / 1_000} s, each reads what it gets` }
    }),
}

export const refusedUpgrades: Attack = {
  name: 'refused upgrades',
  run: (target) =>
    whileWatched(target, async () => {
      const upgrade = (path: string, protocol: string): string =>
        requestText(path, ['Connection: Upgrade', `Upgrade: ${protocol}`, 'Origin: http://evil.example'])
      const texts = [upgrade('/api/live', 'websocket'), upgrade('/-/healthy', 'h2c'), upgrade('/nowhere', 'websocket')]
      const before = await openFiles(target)
      // Half of them read the answer; none ends its own side.
      const sockets: Socket[] = []
      for (let index = 0; index < 600; index++) {
        const socket = saying(target, texts[index % texts.length] ?? '')
        sockets.push(index % 2 === 0 ? socket.resume() : socket.pause())
        if (index % 20 === 0) await sleep(LASTS_MS / 60)
      }
      await sleep(LASTS_MS / 2)
      const held = Math.max(0, (await openFiles(target)) - before)
      for (const socket of sockets) socket.destroy()
      return {
        tried: `600 upgrades of three kinds, ${held} descriptors held after ${LASTS_MS / 1_000} s`,
        held: held < 50,
      }
    }),
}

export const crowd: Attack = {
  name: 'a crowd that scrapes',
  run: (target) =>
    whileWatched(target, async () => {
      const opened = await siege(target, 100, requestText('/metrics', ['Connection: close']), true)
      return { tried: `100 at a time, ${opened} scrapes in ${LASTS_MS / 1_000} s` }
    }),
}

export const nonReaders: Attack = {
  name: 'readers that do not read',
  run: (target) =>
    whileWatched(target, async () => {
      const opened = await siege(target, 40, SCRAPE.repeat(3))
      return { tried: `${opened} connections with 3 scrapes each, none read` }
    }),
}

export const exportsOfAll: Attack = {
  name: 'downloads of the whole log',
  run: (target) =>
    whileWatched(target, async () => {
      const opened = await siege(target, 50, requestText('/api/calls?format=csv', ['Connection: close']), true)
      return { tried: `50 at a time, ${opened} in ${LASTS_MS / 1_000} s` }
    }),
}

export const heavyQuestions: Attack = {
  name: 'heavy questions, of which nobody waits for the answer',
  run: (target) =>
    whileWatched(target, async () => {
      const far = '?from=1990-01-01&to=2100-01-01'
      const text = ['/api/stats', '/api/operators'].map((path) => requestText(path + far)).join('')
      const opened = await siege(target, 50, `${text}${requestText('/api/calls?limit=500&text=nobody')}`)
      return { tried: `${opened} connections with 3 questions each, none read` }
    }),
}
