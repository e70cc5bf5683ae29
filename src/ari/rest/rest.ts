// The ARI REST operations that the exporter uses.
//
// Each is one request with a deadline, lists included. Nothing here decides or logs.
// Source: Asterisk's rest-api/api-docs/{asterisk,applications,channels,bridges,endpoints,deviceStates}.json.

import { parseTimestamp } from '../timestamp.ts'
import {
  isObject,
  type WireDeviceState,
  type WireInfo,
  type WireModule,
  type WireStatus,
  type WireSystem,
  type WireVariable,
} from '../wire.ts'
import { createRequester, type RequestOptions } from './request.ts'
import { failed, type RestResult } from './result.ts'

/** The Asterisk that answers: `entityId` is the same after a restart, `startedAt` (epoch ms) is not. */
export interface AsteriskInfo {
  readonly version: string
  readonly entityId: string
  readonly startedAt: number
}

export interface RestOptions extends RequestOptions {
  /** Deadline of a request. */
  readonly callMs: number
  /** Deadline of a list of all channels, bridges or endpoints. */
  readonly listMs: number
  /** Deadline of what is asked about one channel or device. */
  readonly askMs: number
}

/** A call that begins at a phone and goes on at an extension of the dialplan. */
export interface Origination {
  /** The id of the new channel: Asterisk answers 409 if it exists, so that a request that is sent twice makes one call. */
  readonly channelId: string
  /** As in `PJSIP/101`. */
  readonly endpoint: string
  readonly context: string
  readonly extension: string
  /** The caller's number in the dialplan; null: that of the endpoint. */
  readonly callerNumber: string | null
  readonly timeoutSeconds: number
}

export interface Rest {
  info(): Promise<RestResult<AsteriskInfo>>
  /** Whether Asterisk knows an application of that name. */
  hasApplication(app: string): Promise<RestResult<boolean>>
  /** Subscribes the application to all channels, bridges and endpoints; never to device states. */
  subscribe(app: string): Promise<RestResult<null>>
  /** Limits the events that the application receives to these types. */
  allowEvents(app: string, types: readonly string[]): Promise<RestResult<null>>
  channels(): Promise<RestResult<readonly unknown[]>>
  bridges(): Promise<RestResult<readonly unknown[]>>
  endpoints(): Promise<RestResult<readonly unknown[]>>
  /** Lets a channel in Stasis continue with the next step of its dialplan. */
  continueChannel(channelId: string): Promise<RestResult<null>>
  /** What a dialplan function answers on a channel, whoever it belongs to. Never one that writes, such as QUEUE_VARIABLES. */
  channelFunction(channelId: string, expression: string): Promise<RestResult<string>>
  /** The counts of a channel's RTP session. */
  rtpStatistics(channelId: string): Promise<RestResult<object>>
  /** The state of one device, from Asterisk's cache; no subscription. */
  deviceState(device: string): Promise<RestResult<string>>
  /** The attributes of an object of res_pjsip. Never one of type `auth`: they contain passwords. */
  configuration(
    type: 'endpoint' | 'aor' | 'identify' | 'registration',
    id: string,
  ): Promise<RestResult<readonly unknown[]>>
  /** The status of a loaded module. */
  module(name: string): Promise<RestResult<string>>
  /** A page of the API description; `path` as in `/api-docs/events.json`. */
  description(path: string): Promise<RestResult<object>>
  /** Calls an endpoint; once it answers, its channel is at the extension. Only for control.ts. */
  originate(origination: Origination): Promise<RestResult<null>>
  /** Only for control.ts. */
  hangUp(channelId: string): Promise<RestResult<null>>
  close(): void
}

/** All channels, bridges and endpoints. `endpoint:PJSIP` in addition would send each channel event twice. */
const EVENT_SOURCES = 'channel:,bridge:,endpoint:'

/** The REST operations of one ARI server. */
export function createRest(options: RestOptions): Rest {
  const { send, close } = createRequester(options)
  const deadlineMs = options.callMs
  const applicationPath = (app: string) => `/applications/${segment(app)}`
  const channelPath = (id: string) => `/channels/${segment(id)}`

  async function command(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<RestResult<null>> {
    const answer = await send({ method, path, deadlineMs, ...(body !== undefined && { body }) })
    return answer.ok ? { ok: true, value: null } : answer
  }

  async function list(path: string, deadlineMs = options.listMs): Promise<RestResult<readonly unknown[]>> {
    const answer = await send({ method: 'GET', path, deadlineMs })
    if (!answer.ok) {
      return answer
    }
    return Array.isArray(answer.value) ? { ok: true, value: answer.value } : failed('bad_answer', `${path} is no list`)
  }

  async function hasApplication(app: string): Promise<RestResult<boolean>> {
    const answer = await send({ method: 'GET', path: applicationPath(app), deadlineMs })
    if (answer.ok) {
      return isObject(answer.value) ? { ok: true, value: true } : failed('bad_answer', '/applications')
    }
    return answer.problem.kind === 'not_found' ? { ok: true, value: false } : answer
  }

  async function description(path: string): Promise<RestResult<object>> {
    const answer = await send({ method: 'GET', path, deadlineMs })
    if (!answer.ok) {
      return answer
    }
    return isObject(answer.value) ? { ok: true, value: answer.value } : failed('not_ari', `${path} is no description`)
  }

  async function ask(path: string): Promise<RestResult<object>> {
    const answer = await send({ method: 'GET', path, deadlineMs: options.askMs })
    if (!answer.ok) {
      return answer
    }
    return isObject(answer.value) ? { ok: true, value: answer.value } : failed('bad_answer', 'no object')
  }

  async function askText(path: string, read: (body: object) => unknown): Promise<RestResult<string>> {
    const answer = await ask(path)
    if (!answer.ok) {
      return answer
    }
    const text = read(answer.value)
    return typeof text === 'string' ? { ok: true, value: text } : failed('bad_answer', 'no text')
  }

  async function info(): Promise<RestResult<AsteriskInfo>> {
    const answer = await send({ method: 'GET', path: '/asterisk/info', deadlineMs })
    return answer.ok ? readInfo(answer.value) : answer
  }

  return {
    info,
    hasApplication,
    subscribe: (app) => command('POST', `${applicationPath(app)}/subscription?eventSource=${EVENT_SOURCES}`),
    allowEvents: (app, types) =>
      command('PUT', `${applicationPath(app)}/eventFilter`, { allowed: types.map((type) => ({ type })) }),
    channels: () => list('/channels'),
    bridges: () => list('/bridges'),
    endpoints: () => list('/endpoints'),
    continueChannel: (id) => command('POST', `${channelPath(id)}/continue`),
    channelFunction: (id, expression) =>
      askText(`${channelPath(id)}/variable?variable=${segment(expression)}`, (body) => (body as WireVariable).value),
    rtpStatistics: (id) => ask(`${channelPath(id)}/rtp_statistics`),
    deviceState: (device) => askText(`/deviceStates/${segment(device)}`, (body) => (body as WireDeviceState).state),
    configuration: (type, id) => list(`/asterisk/config/dynamic/res_pjsip/${type}/${segment(id)}`, options.askMs),
    module: (name) => askText(`/asterisk/modules/${segment(name)}`, (body) => (body as WireModule).status),
    description,
    originate: ({ channelId, ...call }) => command('POST', `${channelPath(channelId)}?${originateQuery(call)}`),
    hangUp: (id) => command('DELETE', `${channelPath(id)}?reason=normal`),
    close,
  }
}

function originateQuery(call: Omit<Origination, 'channelId'>): URLSearchParams {
  const { endpoint, context, extension, callerNumber, timeoutSeconds } = call
  return new URLSearchParams({
    ...{ endpoint, context, extension, priority: '1', timeout: String(timeoutSeconds) },
    ...(callerNumber !== null && { callerId: callerNumber }),
  })
}

// A name from a frame may have half a surrogate pair, which cannot be encoded: then something that does not exist is asked for.
function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}

function readInfo(value: unknown): RestResult<AsteriskInfo> {
  const { system, status } = (isObject(value) ? value : {}) as WireInfo
  if (!isObject(system) || !isObject(status)) {
    return failed('not_ari', '/asterisk/info has another shape')
  }
  const { version, entity_id: entityId } = system as WireSystem
  const { startup_time: startup } = status as WireStatus
  const startedAt = typeof startup === 'string' ? parseTimestamp(startup) : Number.NaN
  if (typeof version !== 'string' || typeof entityId !== 'string' || Number.isNaN(startedAt)) {
    return failed('bad_answer', '/asterisk/info lacks version, entity id or start')
  }
  return { ok: true, value: { version, entityId, startedAt } }
}
