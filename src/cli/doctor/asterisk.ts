// What `--doctor` learns from Asterisk: requests that change nothing, then the events of some seconds.
//
// The events go to an ARI application with a name of its own, so that a running exporter keeps its own. A user who may only read is not
// listened for: such a listener gets everything, and can stall Asterisk. The configuration of endpoints is asked anew, for two seconds at
// most, as at the start of the exporter.

import { randomBytes, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRoles } from '../../app/roles.ts'
import { restDisconnect } from '../../ari/disconnect.ts'
import { createAsk } from '../../ari/questions/ask.ts'
import { parseAriUrl } from '../../ari/rest/ariUrl.ts'
import { type AsteriskInfo, createRest, type Rest } from '../../ari/rest/rest.ts'
import type { RestProblem } from '../../ari/rest/result.ts'
import { createSession } from '../../ari/session.ts'
import { takeSnapshot } from '../../ari/snapshot.ts'
import type { Config } from '../../config.ts'
import type { Logger } from '../../log.ts'
import type { EndpointWithRole } from '../../query/endpointFields.ts'
import { createKnownQueues } from '../../staffing/knownQueues.ts'
import { now, ticks } from '../../time/clock.ts'

/** Modules of Asterisk that decide what can be known. */
export const MODULES = [
  'res_http_websocket',
  'res_stasis',
  'res_pjsip',
  'chan_pjsip',
  'chan_sip',
  'chan_dahdi',
  'chan_iax2',
  'app_queue',
  'func_strings',
  'app_voicemail',
  'res_prometheus',
] as const

export type ModuleName = (typeof MODULES)[number]

export interface AsteriskFound {
  readonly info: AsteriskInfo
  /** Null: Asterisk does not tell. */
  readonly mayWrite: boolean | null
  /** How far this machine's clock is ahead, within a second; null: Asterisk does not tell. */
  readonly clockAheadMs: number | null
  /** Whether each runs; null: Asterisk does not tell. */
  readonly modules: ReadonlyMap<ModuleName, boolean | null>
  /** Null: Asterisk does not tell. */
  readonly endpoints: readonly EndpointWithRole[] | null
  readonly channels: number
  /** Whether somebody listens under ARI_APP; null: Asterisk does not tell. */
  readonly isAppTaken: boolean | null
  /** Null for a user who may only read. */
  readonly events: EventsSeen | null
}

export interface EventsSeen {
  readonly seconds: number
  readonly count: number
  /** Events about calls. */
  readonly ofChannels: number
  readonly queues: readonly string[]
  /** Why there are none; null: they could be received. */
  readonly problem: string | null
}

export type AsteriskResult =
  | { readonly ok: true; readonly found: AsteriskFound }
  | { readonly ok: false; readonly problem: string; readonly urlThatAnswers: string | null }

export interface AskOptions {
  readonly ari: Config['ari']
  readonly calls: { readonly trunks: readonly string[] }
  /** How long to listen for events. */
  readonly listenMs: number
}

/** Milliseconds. */
const TIMING = { callMs: 5_000, listMs: 10_000, askMs: 1_000 }
const CONNECT_WITHIN_MS = 10_000
const POLL_MS = 20

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
}

/** Asks Asterisk, listens, and leaves. Never rejects because of what Asterisk does. */
export async function askAsterisk(options: AskOptions): Promise<AsteriskResult> {
  const { url, user, password } = options.ari
  const parsed = parseAriUrl(url)
  if (parsed === null) {
    return { ok: false, problem: 'ARI_URL is not an http or https URL', urlThatAnswers: null }
  }
  let clockAheadMs: number | null = null
  const rest = createRest({
    ...{ baseUrl: parsed.rest, user, password, ...TIMING },
    onHeaders({ date }) {
      const theirs = Date.parse(date ?? '')
      // The header has whole seconds.
      clockAheadMs = Number.isNaN(theirs) ? null : now() - theirs - 500
    },
  })
  try {
    const info = await rest.info()
    if (!info.ok) {
      const { problem } = info
      const urlThatAnswers = problem.kind === 'not_found' ? await otherUrl(options.ari) : null
      return { ok: false, problem: problemText(problem, parsed.rest), urlThatAnswers }
    }
    // Always the same one, which is taken over: Asterisk 16 keeps the name of every listener that leaves.
    const ownName = `${options.ari.app}-doctor`
    const mayWrite = await isWriter(rest, `${ownName}-${randomBytes(4).toString('hex')}`)
    const modules = await runningModules(rest)
    const isAppTaken = await rest.hasApplication(options.ari.app)
    const { endpoints, channels } = await configured(rest, options, info.value)
    const events = mayWrite === false ? null : await listen({ ...options.ari, app: ownName }, options.listenMs)
    return {
      ok: true,
      found: {
        ...{ info: info.value, mayWrite, clockAheadMs, modules, endpoints, channels, events },
        isAppTaken: isAppTaken.ok ? isAppTaken.value : null,
      },
    }
  } finally {
    rest.close()
  }
}

function problemText(problem: RestProblem, url: string): string {
  return restDisconnect(problem, url).problem ?? problem.detail
}

/** The usual value of `prefix` in http.conf, and none. */
const PREFIXES = ['/asterisk', '']

// Where ARI answers, with this user's password or without, when it is not where ARI_URL says.
async function otherUrl({ url, user, password }: Config['ari']): Promise<string | null> {
  for (const prefix of PREFIXES) {
    const other = `${new URL(url).origin}${prefix}`
    const rest = createRest({ baseUrl: `${other}/ari`, user, password, ...TIMING, callMs: TIMING.askMs })
    const info = await rest.info()
    rest.close()
    if (info.ok || info.problem.kind === 'unauthorized') {
      return other
    }
  }
  return null
}

// There is no application of that name, so that nothing is subscribed; a user who may only read is refused before that is looked up.
async function isWriter(rest: Rest, unusedName: string): Promise<boolean | null> {
  const answer = await rest.subscribe(unusedName)
  if (answer.ok || answer.problem.kind === 'not_found') {
    return true
  }
  return answer.problem.kind === 'forbidden' ? false : null
}

async function runningModules(rest: Rest): Promise<ReadonlyMap<ModuleName, boolean | null>> {
  const ask = createAsk(rest)
  const running = new Map<ModuleName, boolean | null>()
  for (const name of MODULES) {
    const asked = await ask({ about: 'module', module: `${name}.so` })
    running.set(name, asked.ok && asked.answer.about === 'module' ? asked.answer.isRunning : null)
  }
  return running
}

// The same roles as the exporter would find at its start.
async function configured(
  rest: Rest,
  { calls, ari }: AskOptions,
  asterisk: AsteriskInfo,
): Promise<Pick<AsteriskFound, 'endpoints' | 'channels'>> {
  const snapshot = await takeSnapshot({ rest, now, onMalformed: () => undefined })
  if (!snapshot.ok) {
    return { endpoints: null, channels: 0 }
  }
  const roles = openRoles(
    // A file that is not there: nothing is remembered from an earlier run.
    { calls, ari, callLog: { path: join(tmpdir(), randomUUID()) } },
    {
      session: {
        ask: createAsk(rest),
        status: () => ({ phase: 'in_sync', asterisk, problem: null, readOnly: false }),
      },
      ...{ asked: () => undefined, liveCounts: () => [], agents: () => [], pbxNow: now, ticks, log: SILENT },
    },
  )
  await roles.beforeSnapshot(snapshot.value)
  roles.endpoints.apply(snapshot.value)
  return { endpoints: roles.listEndpoints(), channels: snapshot.value.channels.length }
}

/** Event types that tell nothing of calls. */
const NOT_OF_CALLS: readonly string[] = ['SnapshotTaken', 'EndpointChanged', 'ContactChanged']

async function listen(ari: Config['ari'], listenMs: number): Promise<EventsSeen> {
  const session = createSession({ ...ari, takeover: true }, { log: SILENT })
  const queues = createKnownQueues(() => undefined)
  let count = 0
  let ofChannels = 0
  let hasEnded = false
  session.start({
    onEvent(event) {
      queues.apply(event)
      count += event.type === 'SnapshotTaken' ? 0 : 1
      ofChannels += NOT_OF_CALLS.includes(event.type) ? 0 : 1
    },
    onMalformed: () => undefined,
    onDisconnect() {
      hasEnded = true
    },
  })
  const until = ticks() + CONNECT_WITHIN_MS
  while (session.status().phase !== 'in_sync' && !hasEnded && ticks() < until) {
    await sleep(POLL_MS)
  }
  const isConnected = session.status().phase === 'in_sync'
  if (isConnected) {
    await sleep(listenMs)
  }
  const problem = session.status().problem ?? (isConnected ? null : 'Asterisk does not open the event socket in time')
  await session.stop()
  const names = queues.remembered().map(({ queue }) => queue)
  return { seconds: Math.round(listenMs / 1000), count, ofChannels, queues: names, problem }
}
