// The baselines of the program, as a process of their own: a minimal listener, and the simplest exporter.
//
//   node listener.ts bare URL          ws and JSON.parse, and nothing is done with it
//   node listener.ts stock URL FILE    ari-client as it comes, and a row written and committed for each event
//
// Both hear what the program hears. Says `ready`, then answers `{count: true}` with how many frames it has heard.

import type { EventEmitter } from 'node:events'
import Database from 'better-sqlite3'
import WebSocket from 'ws'
import { USED_FRAME_TYPES } from '../../src/ari/decode.ts'
import { createRest } from '../../src/ari/rest/rest.ts'
import { ACCESS } from './access.ts'

const APPLICATION = 'bench-listener'
const [kind, url = '', file = ''] = process.argv.slice(2)
let heard = 0

if (kind === 'stock') {
  await listenAsOneWould()
} else {
  await listenBarely()
}
process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'count' in message) {
    process.send?.({ heard })
  }
})
process.send?.({ ready: true })

async function listenBarely(): Promise<void> {
  const key = `${ACCESS.user}:${ACCESS.password}`
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ari/events?app=${APPLICATION}&api_key=${key}`)
  socket.on('message', (data) => {
    JSON.parse(data.toString())
    heard += 1
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const { user, password } = ACCESS
  const rest = createRest({ baseUrl: `${url}/ari`, user, password, callMs: 5_000, listMs: 5_000, askMs: 1_000 })
  await rest.subscribe(APPLICATION)
  await rest.allowEvents(APPLICATION, USED_FRAME_TYPES)
  rest.close()
}

async function listenAsOneWould(): Promise<void> {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE channels (id TEXT PRIMARY KEY, caller TEXT, state TEXT, last TEXT, at TEXT)')
  const put = db.prepare(
    `INSERT INTO channels VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET caller = excluded.caller, state = excluded.state, last = excluded.last, at = excluded.at`,
  )
  const { default: ari } = await import('ari-client')
  const client = await ari.connect(url, ACCESS.user, ACCESS.password)
  const events = client as unknown as EventEmitter
  for (const type of USED_FRAME_TYPES) {
    events.on(type, (event: StockEvent) => {
      heard += 1
      const channel = event.channel ?? event.peer
      put.run(channel?.id ?? '', channel?.caller?.number ?? '', channel?.state ?? '', event.type, event.timestamp)
    })
  }
  await client.start(APPLICATION, false)
}

interface StockEvent {
  readonly type: string
  readonly timestamp: string
  readonly channel?: StockChannel
  readonly peer?: StockChannel
}

interface StockChannel {
  readonly id: string
  readonly state?: string
  readonly caller?: { readonly number: string }
}
