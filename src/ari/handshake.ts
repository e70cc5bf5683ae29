// The steps of one ARI session up to the live stream, in order.
//
//   who answers there? -> is our name free? -> open the socket -> are we registered? -> subscribe -> filter
//   -> still registered? -> snapshot -> deliver it, then what came meanwhile
//
// Each step gives null or the setback that ends the session. Without subscribeAll wherever the user may write: a
// stalled subscribeAll listener was seen to lock Asterisk's ARI up and to stop its calls. Never device states.

import type { Logger } from 'pino'
import { ticks } from '../time/clock.ts'
import { type AriClient, loadClient, takeSocket } from './ari-client/client.ts'
import { USED_FRAME_TYPES } from './decode.ts'
import { nameTaken, READ_ONLY, restSetback, type Setback, socketSetback, unregistered } from './disconnect.ts'
import type { Intake } from './eventBuffer.ts'
import type { AriUrl } from './rest/ariUrl.ts'
import type { AsteriskInfo, Rest } from './rest/rest.ts'
import type { Answer } from './rest/result.ts'
import type { Consumer } from './safeConsumer.ts'
import { takeSnapshot } from './snapshot.ts'
import { type AriSocket, type SocketTiming, watchSocket } from './socket.ts'
import { type Handback, isWaitingIn } from './stasisContinue.ts'

export interface AttemptOptions {
  readonly url: AriUrl
  readonly user: string
  readonly password: string
  readonly app: string
  readonly takeover: boolean
  readonly detail: 'full' | 'lean'
  readonly timing: AttemptTiming
}

/** Milliseconds, but `maxHeld`: events held back at most while a snapshot is taken. */
export interface AttemptTiming extends SocketTiming {
  readonly describeMs: number
  readonly verifyEveryMs: number
  /** How often the live channels are asked for. */
  readonly listEveryMs: number
  readonly maxHeld: number
}

/** What one session leaves to the next. */
export interface Memory {
  client: AriClient | null
  isReadOnly: boolean
  /** The start of the Asterisk in which we last held our name without losing it to another; null when there is none. */
  heldSince: number | null
  /** Warnings that are given once in the life of the program. */
  readonly warned: Set<string>
}

export interface AttemptDependencies {
  readonly rest: Rest
  readonly handback: Handback
  readonly memory: Memory
  readonly consumer: Consumer
  readonly log: Logger
  readonly now: () => number
  onInfo(info: AsteriskInfo): void
  /** The socket is open. */
  onOpen(): void
  /** All is ready: what is delivered next is the snapshot. */
  onSync(): void
  /**
   * It is over, at once, before the socket is closed; a null setback means that we stopped it. `silentMs`: how long ago it
   * was last certain that we saw; 0 unless the loss was a silent one.
   */
  onEnd(setback: Setback | null, silentMs: number): void
}

/** One session under way. */
export interface Visit {
  readonly options: AttemptOptions
  readonly deps: AttemptDependencies
  readonly intake: Intake
  /** When the Asterisk that we talk to was started. */
  startedAt: number
  socket: AriSocket | null
  isOver: boolean
  /** `silentMs`: for how long we had not seen, when the loss was a silent one. */
  end(setback: Setback | null, silentMs?: number): void
}

export type Step = (visit: Visit) => Promise<Setback | null>

/** Types that the lean detail gives up: two thirds of the traffic, and with them queue entries and voice quality. */
const GIVEN_UP_WHEN_LEAN: readonly string[] = ['ChannelVarset', 'ChannelDialplan']

/** Types that concern the session itself. */
const SESSION_FRAME_TYPES: readonly string[] = ['StasisStart', 'StasisEnd', 'ApplicationReplaced']

export const STEPS: readonly Step[] = [
  greet,
  claimName,
  askAgainToWrite,
  describe,
  open,
  verify,
  subscribe,
  filter,
  verify,
  synchronise,
]

async function greet(visit: Visit): Promise<Setback | null> {
  const info = await visit.deps.rest.info()
  if (!info.ok) return setbackOf(info, visit)
  visit.startedAt = info.value.startedAt
  visit.deps.onInfo(info.value)
  return null
}

async function claimName(visit: Visit): Promise<Setback | null> {
  const { app, takeover } = visit.options
  const { rest, memory, log } = visit.deps
  const known = await rest.hasApplication(app)
  if (!known.ok) return setbackOf(known, visit)
  // A name that we held in this very Asterisk may still be on its way out: it is ours.
  if (!known.value || memory.heldSince === visit.startedAt) return null
  if (!takeover) return nameTaken(app)
  log.warn({ app }, 'taking the ARI application over from another listener, as ARI_APP_TAKEOVER tells')
  return null
}

/** A user found read-only may have been mended since: without our application this asks, and changes nothing. */
async function askAgainToWrite(visit: Visit): Promise<Setback | null> {
  const { rest, memory } = visit.deps
  if (!memory.isReadOnly) return null
  const answer = await rest.subscribe(visit.options.app)
  memory.isReadOnly = !answer.ok && answer.problem.kind !== 'not_found'
  return null
}

async function describe(visit: Visit): Promise<Setback | null> {
  const { rest, memory } = visit.deps
  if (memory.client !== null) return null
  const { url, timing } = visit.options
  const client = await loadClient({ url, deadlineMs: timing.describeMs }, rest)
  if (!client.ok) return setbackOf(client, visit)
  memory.client = client.value
  return null
}

async function open(visit: Visit): Promise<Setback | null> {
  const { url, user, password, app, timing } = visit.options
  const { memory, onOpen } = visit.deps
  if (memory.client === null || visit.isOver) return null
  const raw = takeSocket(memory.client, { url, user, password, app, subscribeAll: memory.isReadOnly })
  if (raw === null) return restSetback({ kind: 'unreachable', detail: 'no socket' }, url.rest)
  visit.socket = watchSocket(raw, {
    timing,
    onText: visit.intake.accept,
    onEnd: (how) => visit.end(socketSetback(how, url.rest), how.reason === 'ping_timeout' ? how.silentMs : 0),
  })
  await visit.socket.opened
  onOpen()
  return null
}

async function verify(visit: Visit): Promise<Setback | null> {
  const { app } = visit.options
  const known = await visit.deps.rest.hasApplication(app)
  if (!known.ok) return setbackOf(known, visit)
  if (!known.value) return unregistered(app)
  // Once replaced, the name that is there is another's.
  if (!visit.isOver) visit.deps.memory.heldSince = visit.startedAt
  return null
}

async function subscribe(visit: Visit): Promise<Setback | null> {
  const { app } = visit.options
  const { rest, memory } = visit.deps
  if (memory.isReadOnly) return null
  const answer = await rest.subscribe(app)
  if (answer.ok) return null
  if (answer.problem.kind === 'not_found') return unregistered(app)
  if (answer.problem.kind !== 'forbidden') return setbackOf(answer, visit)
  memory.isReadOnly = true
  warnOnce(visit, 'read-only', readOnlyWarning(app))
  return READ_ONLY
}

async function filter(visit: Visit): Promise<Setback | null> {
  const { app, detail } = visit.options
  if (visit.deps.memory.isReadOnly) return null
  const used = USED_FRAME_TYPES.filter((type) => detail === 'full' || !GIVEN_UP_WHEN_LEAN.includes(type))
  const answer = await visit.deps.rest.allowEvents(app, [...used, ...SESSION_FRAME_TYPES])
  if (answer.ok) return null
  const { kind } = answer.problem
  if (kind === 'not_found') return unregistered(app)
  if (kind === 'unreachable' || kind === 'timeout' || kind === 'stopped') return setbackOf(answer, visit)
  const text = `Asterisk does not take the event filter (${answer.problem.detail}): it will send more than is needed`
  warnOnce(visit, 'filter', text)
  return null
}

async function synchronise(visit: Visit): Promise<Setback | null> {
  const { rest, handback, now, consumer, onSync } = visit.deps
  const askedAt = ticks()
  const snapshot = await takeSnapshot({ rest, now, onMalformed: consumer.onMalformed })
  if (!snapshot.ok) return setbackOf(snapshot, visit)
  if (visit.isOver) return null
  const inside = snapshot.value.channels.filter((channel) => isWaitingIn(visit.options.app, channel))
  handback.found(
    inside.map(({ id }) => id),
    askedAt,
  )
  onSync()
  visit.intake.release(snapshot.value)
  return null
}

function setbackOf(answer: Answer<unknown>, visit: Visit): Setback | null {
  return answer.ok ? null : restSetback(answer.problem, visit.options.url.rest)
}

function readOnlyWarning(app: string): string {
  return (
    'the ARI user is read-only, so everything is subscribed (subscribeAll): a listener like that, if it stalls, can make Asterisk ' +
    `refuse calls until it is restarted; and callers that the dialplan sends to Stasis(${app}) cannot be handed back and wait in ` +
    'silence. Set read_only = no for ARI_USER in ari.conf'
  )
}

function warnOnce(visit: Visit, key: string, text: string): void {
  const { memory, log } = visit.deps
  if (memory.warned.has(key)) return
  memory.warned.add(key)
  log.warn(text)
}
