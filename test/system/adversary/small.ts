// Foreign host names (point 11) and small things (point 13), each for itself of no weight.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { FOREIGN_HOSTS, PATHS } from '../../unit/http/foreignHosts.ts'
import { ask } from '../../unit/http/request.ts'
import { eventually, freshFolder, runProgram, scrape, sumOf } from '../program/program.ts'
import { type Address, type Attack, inWorld, whileWatched } from './attack.ts'
import { launchOf } from './world.ts'

const foreignHosts: Attack = {
  point: 11,
  name: 'pages of foreign hosts (DNS rebinding)',
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const answers = await Promise.all(
        FOREIGN_HOSTS.flatMap((host) =>
          PATHS.map(async (path) => (await ask(`${urlOf(world.target)}${path}`, { headers: { host } })).status),
        ),
      )
      const answered = answers.filter((status) => status !== 421).length
      const opened = await socketsOpened(world.target)
      return {
        tried: `${answers.length} requests, ${answered} answered; ${ORIGINS.length} sockets, ${opened} opened`,
        held: answered === 0 && opened === 0,
      }
    }),
}

const ORIGINS: readonly (readonly [origin: string, host: string])[] = [
  ['http://evil.example', 'evil.example'],
  ['http://evil.example', '127.0.0.1'],
  ['null', '127.0.0.1'],
  ['http://127.0.0.1.evil.example', '127.0.0.1'],
]

async function socketsOpened({ host, port }: Address): Promise<number> {
  const opened = await Promise.all(
    ORIGINS.map(
      ([origin, asked]) =>
        new Promise<boolean>((resolve) => {
          const socket = new WebSocket(`ws://${host}:${port}/api/live`, {
            headers: { origin, host: `${asked}:${port}` },
          })
          socket.on('open', () => resolve(true))
          socket.on('error', () => resolve(false))
          socket.on('open', () => socket.terminate())
        }),
    ),
  )
  return opened.filter(Boolean).length
}

const wrongWords: Attack = {
  point: 13,
  name: 'wrong paths, parameters and recordings',
  on: 'the run',
  run: ({ world }) =>
    whileWatched(world, async () => {
      const url = urlOf(world.target)
      const path = await ask(`${url}/client/%ff`)
      const many = Array.from({ length: 1_000 }, (_, index) => `wrong${index}=1`).join('&')
      const parameters = await ask(`${url}/api/calls?${many}`)
      const text = join(freshFolder(), 'letter.txt')
      writeFileSync(text, 'Dear all,\nthis is no recording.\n'.repeat(100))
      const { code } = await runProgram(['replay', text], {}, launchOf(world.options))
      return {
        tried: `/client/%ff: ${path.status}; 1,000 wrong parameters: ${parameters.status} of ${parameters.text.length} bytes; replay of a letter: ${code}`,
        held: path.status === 404 && !path.text.includes('    at ') && parameters.text.length < 2_000 && code === 1,
      }
    }),
}

const GUESSES = 300

const guesses: Attack = {
  point: 13,
  name: 'guesses at the token',
  on: 'its own',
  async run(stage) {
    const file = join(freshFolder(), 'token')
    writeFileSync(file, 'token-of-the-adversary-0123456789\n')
    const environment = { HTTP_BEARER_TOKEN_FILE: file, HTTP_METRICS_WITHOUT_AUTH: 'true' }
    return inWorld(stage, { callsPerSecond: 20, environment }, async ({ target, subject }) => {
      for (let guess = 0; guess < GUESSES; guess += 1) {
        await ask(`${urlOf(target)}/api/calls`, { headers: { authorization: `Bearer guess-${guess}` } })
      }
      const counted = await eventually(
        async () => sumOf(await scrape(subject.port), 'asterisk_exporter_http_auth_failures_total'),
        (failures) => failures === GUESSES,
      )
      const lines = (subject.program()?.output() ?? '')
        .split('\n')
        .filter((line) => line.includes('log-ins over HTTP failed'))
      const leaked = (subject.program()?.output() ?? '').includes('guess-')
      return {
        tried: `${GUESSES}, ${counted} counted, ${lines.length} lines in the log`,
        held: lines.length > 0 && lines.length < 5 && !leaked,
      }
    })
  },
}

export const SMALL: readonly Attack[] = [foreignHosts, wrongWords, guesses]

function urlOf({ host, port }: Address): string {
  return `http://${host}:${port}`
}
