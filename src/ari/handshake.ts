// The steps that open one ARI session, in order:
//
//   fetch info -> check the application name -> recheck write access -> load the API description -> open the event socket
//   -> verify the registration -> subscribe -> set the event filter -> verify again -> deliver the snapshot, then the frames that wait
//
// Each step returns null, or the disconnect that ends the session. A user who may write subscribes explicitly: a stalled
// `subscribeAll` listener can deadlock Asterisk's ARI and its calls. Device states are never subscribed to.

import type { Logger } from '../log.ts'
import { ticks } from '../time/clock.ts'
import { type AriClient, loadClient, takeSocket } from './ari-client/client.ts'
import type { ArrivalQueue } from './arrivalQueue.ts'
import { USED_FRAME_TYPES } from './decode.ts'
import { type Disconnect, nameTaken, READ_ONLY, restDisconnect, socketDisconnect, unregistered } from './disconnect.ts'
import { type Arrival, type Receiver, SESSION_FRAME_TYPES } from './receiver.ts'
import type { AriUrl } from './rest/ariUrl.ts'
import type { AsteriskInfo, Rest } from './rest/rest.ts'
import type { RestResult } from './rest/result.ts'
import type { Consumer } from './safeConsumer.ts'
import { takeSnapshot } from './snapshot.ts'
import { type AriSocket, type SocketTiming, watchSocket } from './socket.ts'
import { isInStasisApp, type StasisContinue } from './stasisContinue.ts'

export interface ConnectionOptions {
  readonly url: AriUrl
  readonly user: string
  readonly password: string
  readonly app: string
  readonly takeover: boolean
  readonly detail: 'full' | 'lean'
  readonly timing: ConnectionTiming
}

/** Milliseconds. */
export interface ConnectionTiming extends SocketTiming {
  readonly describeMs: number
  readonly verifyEveryMs: number
  /** How often the live channels are listed. */
  readonly listEveryMs: number
}

/** What one session passes on to the next. */
export interface SessionCarryOver {
  client: AriClient | null
  isReadOnly: boolean
  /** Start time (epoch ms) of the Asterisk instance where our application was last registered; null if never, or taken over. */
  leaseSince: number | null
  /** Warnings that were logged; each is logged once per run of the program. */
  readonly warned: Set<string>
}

export interface ConnectionDependencies {
  readonly rest: Rest
  readonly stasisContinue: StasisContinue
  readonly carryOver: SessionCarryOver
  readonly consumer: Consumer
  readonly queue: ArrivalQueue<Arrival>
  readonly log: Logger
  readonly now: () => number
  onInfo(info: AsteriskInfo): void
  /** The socket is open. */
  onOpen(): void
  /** The session is ready; the snapshot is delivered next. */
  onSync(): void
  /**
   * The session is over; called before the socket is closed. `disconnect` is null after `stop`. `silentMs`: how long ago events
   * were last known to arrive; 0 unless a ping or a check found the loss.
   */
  onEnd(disconnect: Disconnect | null, silentMs: number): void
}

/** State shared by the steps of one session. */
export interface ConnectionContext {
  readonly options: ConnectionOptions
  readonly deps: ConnectionDependencies
  readonly receiver: Receiver
  /** Start time of the connected Asterisk; epoch ms. */
  startedAt: number
  socket: AriSocket | null
  isOver: boolean
  /** `silentMs`: as for `onEnd`. */
  end(disconnect: Disconnect | null, silentMs?: number): void
}

export type Step = (context: ConnectionContext) => Promise<Disconnect | null>

/** Event types that `lean` leaves out: two thirds of the traffic, including queue entries and voice quality. */
const NOT_IN_LEAN: readonly string[] = ['ChannelVarset', 'ChannelDialplan']

export const STEPS: readonly Step[] = [
  fetchInfo,
  checkAppName,
  recheckWriteAccess,
  loadApiDescription,
  openEventSocket,
  verifyRegistration,
  subscribe,
  setEventFilter,
  verifyRegistration,
  deliverSnapshot,
]

async function fetchInfo(context: ConnectionContext): Promise<Disconnect | null> {
  const info = await context.deps.rest.info()
  if (!info.ok) {
    return disconnectOf(info, context)
  }
  context.startedAt = info.value.startedAt
  context.deps.onInfo(info.value)
  return null
}

async function checkAppName(context: ConnectionContext): Promise<Disconnect | null> {
  const { app, takeover } = context.options
  const { rest, carryOver, log } = context.deps
  const known = await rest.hasApplication(app)
  if (!known.ok) {
    return disconnectOf(known, context)
  }
  // Our own registration in this Asterisk instance may still be being removed.
  if (!known.value || carryOver.leaseSince === context.startedAt) {
    return null
  }
  if (!takeover) {
    return nameTaken(app)
  }
  log.warn({ app }, 'taking the ARI application over from another listener (ARI_APP_TAKEOVER=true)')
  return null
}

/** The user's rights may have changed since. The application is not registered yet, so a subscription changes nothing. */
async function recheckWriteAccess(context: ConnectionContext): Promise<Disconnect | null> {
  const { rest, carryOver } = context.deps
  if (!carryOver.isReadOnly) {
    return null
  }
  const answer = await rest.subscribe(context.options.app)
  carryOver.isReadOnly = !answer.ok && answer.problem.kind !== 'not_found'
  return null
}

async function loadApiDescription(context: ConnectionContext): Promise<Disconnect | null> {
  const { rest, carryOver } = context.deps
  if (carryOver.client !== null) {
    return null
  }
  const { url, timing } = context.options
  const client = await loadClient({ url, deadlineMs: timing.describeMs }, rest)
  if (!client.ok) {
    return disconnectOf(client, context)
  }
  carryOver.client = client.value
  return null
}

async function openEventSocket(context: ConnectionContext): Promise<Disconnect | null> {
  const { url, user, password, app, timing } = context.options
  const { carryOver, onOpen } = context.deps
  if (carryOver.client === null || context.isOver) {
    return null
  }
  const raw = takeSocket(carryOver.client, { url, user, password, app, subscribeAll: carryOver.isReadOnly })
  if (raw === null) {
    return restDisconnect({ kind: 'unreachable', detail: 'no socket' }, url.rest)
  }
  context.socket = watchSocket(raw, {
    timing,
    onFrame: context.receiver.push,
    onEnd: (how) => context.end(socketDisconnect(how, url.rest), how.reason === 'ping_timeout' ? how.silentMs : 0),
  })
  await context.socket.opened
  onOpen()
  return null
}

async function verifyRegistration(context: ConnectionContext): Promise<Disconnect | null> {
  const { app } = context.options
  const known = await context.deps.rest.hasApplication(app)
  if (!known.ok) {
    return disconnectOf(known, context)
  }
  if (!known.value) {
    return unregistered(app)
  }
  // After a takeover, the registered application belongs to the other listener.
  if (!context.isOver) {
    context.deps.carryOver.leaseSince = context.startedAt
  }
  return null
}

async function subscribe(context: ConnectionContext): Promise<Disconnect | null> {
  const { app } = context.options
  const { rest, carryOver } = context.deps
  if (carryOver.isReadOnly) {
    return null
  }
  const answer = await rest.subscribe(app)
  if (answer.ok) {
    return null
  }
  if (answer.problem.kind === 'not_found') {
    return unregistered(app)
  }
  if (answer.problem.kind !== 'forbidden') {
    return disconnectOf(answer, context)
  }
  carryOver.isReadOnly = true
  warnOnce(context, 'read-only', readOnlyWarning(app))
  return READ_ONLY
}

async function setEventFilter(context: ConnectionContext): Promise<Disconnect | null> {
  const { app, detail } = context.options
  if (context.deps.carryOver.isReadOnly) {
    return null
  }
  const used = USED_FRAME_TYPES.filter((type) => detail === 'full' || !NOT_IN_LEAN.includes(type))
  const answer = await context.deps.rest.allowEvents(app, [...used, ...SESSION_FRAME_TYPES])
  if (answer.ok) {
    return null
  }
  const { kind } = answer.problem
  if (kind === 'not_found') {
    return unregistered(app)
  }
  if (kind === 'unreachable' || kind === 'timeout' || kind === 'stopped') {
    return disconnectOf(answer, context)
  }
  const text = `Asterisk refuses the event filter (${answer.problem.detail}): it will send more events than needed`
  warnOnce(context, 'filter', text)
  return null
}

async function deliverSnapshot(context: ConnectionContext): Promise<Disconnect | null> {
  const { rest, stasisContinue, now, consumer, onSync } = context.deps
  const askedAt = ticks()
  const snapshot = await takeSnapshot({ rest, now, onMalformed: consumer.onMalformed })
  if (!snapshot.ok) {
    return disconnectOf(snapshot, context)
  }
  await consumer.beforeSnapshot?.(snapshot.value)
  if (context.isOver) {
    return null
  }
  const inside = snapshot.value.channels.filter((channel) => isInStasisApp(context.options.app, channel))
  stasisContinue.found(
    inside.map(({ id }) => id),
    askedAt,
  )
  onSync()
  context.receiver.begin(snapshot.value)
  return null
}

function disconnectOf(answer: RestResult<unknown>, context: ConnectionContext): Disconnect | null {
  return answer.ok ? null : restDisconnect(answer.problem, context.options.url.rest)
}

function readOnlyWarning(app: string): string {
  return (
    'the ARI user is read-only, so the exporter subscribes to everything (subscribeAll): such a listener, if it stalls, can make ' +
    `Asterisk refuse calls until it is restarted; and callers whom the dialplan sends to Stasis(${app}) cannot continue and hear ` +
    'silence. Set read_only = no for ARI_USER in ari.conf'
  )
}

function warnOnce(context: ConnectionContext, key: string, text: string): void {
  const { carryOver, log } = context.deps
  if (carryOver.warned.has(key)) {
    return
  }
  carryOver.warned.add(key)
  log.warn({}, text)
}
