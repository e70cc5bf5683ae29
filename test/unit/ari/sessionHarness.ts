// Shared by the session tests: a session whose output is recorded and checked for credentials at the end.

import { type Logger, pino } from 'pino'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { MalformedReason } from '../../../src/ari/decode.ts'
import type { DisconnectReason } from '../../../src/ari/disconnect.ts'
import type { Consumer } from '../../../src/ari/safeConsumer.ts'
import { createSession, type Session, type SessionOptions } from '../../../src/ari/session.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import { FakeAri, PASSWORD, USER } from './fakeAri.ts'

export const APP = 'asterisk-ari-exporter'

/** Shorter pauses than the real ones, which are seconds. Deadlines stay long, because a busy machine would miss short ones. */
export const FAST = {
  callMs: 10_000,
  listMs: 10_000,
  describeMs: 10_000,
  handshakeMs: 10_000,
  pingEveryMs: 30,
  pongWithinMs: 10_000,
  verifyEveryMs: 40,
  closeWithinMs: 5_000,
  firstRetryMs: 10,
  lastRetryMs: 20,
  firstReadOnlyRetryMs: 15,
  lastReadOnlyRetryMs: 30,
}

export interface Line {
  readonly level: number
  readonly msg: string
  readonly [key: string]: unknown
}

export interface Listening {
  readonly session: Session
  readonly events: PbxEvent[]
  readonly frames: string[]
  readonly malformed: MalformedReason[]
  readonly disconnects: DisconnectReason[]
  readonly taps: string[]
  /** The log, each line parsed. */
  readonly log: Line[]
  /** Messages of the log at this pino level. */
  said(level: number): string[]
  types(): string[]
}

export const INFO = 30
export const WARN = 40
export const ERROR = 50

const running: Session[] = []
const written: string[] = []
const printed: string[] = []

/** Starts a session that is stopped by `endAll`. */
export function listen(
  url: string,
  options: Partial<SessionOptions> = {},
  onEvent: (event: PbxEvent) => void = () => undefined,
  beforeSnapshot: Consumer['beforeSnapshot'] = async () => undefined,
): Listening {
  const heard = { events: [], frames: [], malformed: [], disconnects: [], taps: [] } as Pick<
    Listening,
    'events' | 'frames' | 'malformed' | 'disconnects' | 'taps'
  >
  const log: Line[] = []
  const session = createSession(
    {
      url,
      user: USER,
      password: PASSWORD,
      app: APP,
      takeover: false,
      detail: 'full',
      queueBytes: 100_000_000,
      ...options,
      timing: { ...FAST, ...options.timing },
    },
    { log: keepingLogger(log) },
  )
  session.start({
    beforeSnapshot,
    onEvent: (event) => {
      heard.events.push(event)
      onEvent(event)
    },
    onFrame: (type) => heard.frames.push(type),
    onMalformed: (reason) => heard.malformed.push(reason),
    onDisconnect: (reason) => heard.disconnects.push(reason),
    tap: (text) => heard.taps.push(text),
  })
  running.push(session)
  const said = (level: number) => log.filter((line) => line.level === level).map((line) => line.msg)
  return { ...heard, session, log, said, types: () => heard.events.map((event) => event.type) }
}

/** A logger that keeps every line, also for the credential check. */
export function keepingLogger(lines: Line[]): Logger {
  return pino(
    { level: 'trace' },
    {
      write: (text: string) => {
        written.push(text)
        lines.push(JSON.parse(text))
      },
    },
  )
}

/** Records everything that is printed; nothing may be. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0)
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...values) => {
      printed.push(values.join(' '))
    })
  }
}

/** Stops all sessions; then no credential may be in anything that was logged or printed, and nothing was printed. */
export async function endAll(): Promise<void> {
  const statuses = running.map((session) => JSON.stringify(session.status()))
  await Promise.all(running.splice(0).map((session) => session.stop()))
  vi.restoreAllMocks()
  const all = [...written.splice(0), ...statuses].join('\n')
  const forms = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`${USER}:${PASSWORD}`).toString('base64')]
  for (const form of [...forms, 'hush', 'api_key']) {
    expect(all).not.toContain(form)
  }
  expect(printed.splice(0)).toEqual([])
}

/** A server of its own for each test. After the test, the sessions end and are checked, and the server stops. */
export function fakeAriPerTest(give: (fake: FakeAri) => void): void {
  let started: FakeAri
  beforeEach(async () => {
    watchOutput()
    started = await FakeAri.start()
    give(started)
  })
  afterEach(async () => {
    await endAll()
    await started.stop()
  })
}

/** Waits until the condition holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + 15_000
  while (!condition()) {
    if (Date.now() > giveUpAt) {
      throw new Error(`waited in vain until ${what}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits until the session is in sync. */
export function inSync(listening: Listening): Promise<void> {
  return until(() => listening.session.status().phase === 'in_sync', 'the session is in sync')
}

/** A channel as ARI sends it. */
export function wireChannel(id: string, over: object = {}): object {
  return {
    id,
    name: `PJSIP/101-${id}`,
    state: 'Up',
    protocol_id: '',
    caller: { name: 'Alice', number: '101' },
    connected: { name: '', number: '' },
    accountcode: '',
    dialplan: { context: 'internal', exten: '102', priority: 1, app_name: 'Dial', app_data: 'PJSIP/102' },
    creationtime: '2026-11-23T16:08:30.000+0900',
    language: 'en',
    ...over,
  }
}

/** A frame about a channel. */
export function frame(type: string, id: string, over: object = {}): object {
  return { type, timestamp: '2026-11-23T16:08:31.000+0900', application: APP, channel: wireChannel(id), ...over }
}
