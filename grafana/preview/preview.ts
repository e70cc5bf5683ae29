// `npm run boards-preview`: pictures of the boards without Grafana. README.md here describes what is real in them.
//
// With --serve it takes no pictures, serves the page until it is interrupted, and prints its address.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../../test/system/browser/chromium.ts'
import { BOARDS } from '../addresses.ts'
import { bundlePage } from './assets.ts'
import { openCallLogs } from './callLogs.ts'
import { openDay } from './history.ts'
import { servePage } from './server.ts'
import { take } from './shots.ts'
import { STATE_NAMES, STATES } from './states.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    state: { type: 'string', multiple: true, default: ['calm', 'incident'] },
    width: { type: 'string', multiple: true, default: ['1920'] },
    out: { type: 'string', default: join(import.meta.dirname, 'shots') },
    port: { type: 'string' },
    light: { type: 'boolean', default: false },
    unfold: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
  },
})

const say = (what: string): void => {
  process.stdout.write(`${what}\n`)
}

const uids: readonly string[] = Object.values(BOARDS)
const boards = (positionals.length > 0 ? positionals : uids).map((name) => {
  const uid = name.startsWith('asterisk-') ? name : `asterisk-${name}`
  if (!uids.includes(uid)) {
    throw new Error(`no board ${name}; there are ${uids.join(' ')}`)
  }
  return uid
})
const states = options.state.flatMap((name) => (name === 'all' ? STATE_NAMES : stateNamed(name)))

const assets = await bundlePage()
const prometheus = await openDay(say)
const callLogs = boards.includes(BOARDS.callLog) ? await openCallLogs() : undefined
const port = options.port === undefined ? undefined : Number(options.port)
const server = await servePage({ assets, prometheus: prometheus.url, callLogs, port })

const stop = async (): Promise<void> => {
  server.stop()
  await callLogs?.stop()
  await prometheus.stop()
}

if (options.serve) {
  for (const state of STATE_NAMES) {
    say(`${server.url}/?board=${boards[0]}&at=${STATES[state].at}  ${state}: ${STATES[state].shows}`)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
} else {
  await takeAll().finally(stop)
}

function stateNamed(name: string) {
  const found = STATE_NAMES.find((each) => each === name)
  if (found === undefined) {
    throw new Error(`no state ${name}; there are ${STATE_NAMES.join(' ')}, and all`)
  }
  return found
}

async function takeAll(): Promise<void> {
  mkdirSync(options.out, { recursive: true })
  const browser = await openBrowser()
  try {
    for (const board of boards) {
      for (const state of states) {
        for (const width of options.width.map(Number)) {
          const looks = { isLight: options.light, isKiosk: board === BOARDS.wallboard, isUnfolded: options.unfold }
          const shot = { board, state, width, ...looks }
          say(await take(browser, shot, { page: server.url, folder: options.out, say }))
        }
      }
    }
  } finally {
    await browser.close()
  }
}
