// The few operations of ARI's REST side that a listener needs.
//
// Each is one request with a deadline; lists are one request however many channels there are. Nothing here decides
// or logs. Source: Asterisk's rest-api/api-docs/{asterisk,applications,channels,bridges,endpoints}.json.

import { parseTimestamp } from '../timestamp.ts'
import { isObject, type WireInfo, type WireStatus, type WireSystem } from '../wire.ts'
import { createRequester, type RequestOptions } from './request.ts'
import { type Answer, failed } from './result.ts'

/** Who answers: `entityId` stays the same over a restart, `startedAt` (epoch ms) does not. */
export interface AsteriskInfo {
  readonly version: string
  readonly entityId: string
  readonly startedAt: number
}

export interface RestOptions extends RequestOptions {
  /** Deadline of a call. */
  readonly callMs: number
  /** Deadline of a list of everything that lives. */
  readonly listMs: number
}

export interface Rest {
  info(): Promise<Answer<AsteriskInfo>>
  /** Whether Asterisk knows an application of that name. */
  hasApplication(app: string): Promise<Answer<boolean>>
  /** Subscribes the application to all channels, bridges and endpoints; never to device states. */
  subscribe(app: string): Promise<Answer<null>>
  /** From now on only these types of event are sent to the application. */
  allowEvents(app: string, types: readonly string[]): Promise<Answer<null>>
  channels(): Promise<Answer<readonly unknown[]>>
  bridges(): Promise<Answer<readonly unknown[]>>
  endpoints(): Promise<Answer<readonly unknown[]>>
  /** Sends a channel that is in Stasis on to the next step of its dialplan. */
  continueChannel(channelId: string): Promise<Answer<null>>
  /** A page of the API description; `path` as in `/api-docs/events.json`. */
  description(path: string): Promise<Answer<object>>
  close(): void
}

/** Every channel, every bridge, every endpoint. `endpoint:PJSIP` beside them would send each channel event twice. */
const EVENT_SOURCES = 'channel:,bridge:,endpoint:'

/** The REST side of one ARI server. */
export function createRest(options: RestOptions): Rest {
  const { send, close } = createRequester(options)
  const deadlineMs = options.callMs
  const applicationPath = (app: string) => `/applications/${encodeURIComponent(app)}`

  async function command(method: 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer<null>> {
    const answer = await send({ method, path, deadlineMs, ...(body !== undefined && { body }) })
    return answer.ok ? { ok: true, value: null } : answer
  }

  async function list(path: string): Promise<Answer<readonly unknown[]>> {
    const answer = await send({ method: 'GET', path, deadlineMs: options.listMs })
    if (!answer.ok) return answer
    return Array.isArray(answer.value) ? { ok: true, value: answer.value } : failed('bad_answer', `${path} is no list`)
  }

  async function hasApplication(app: string): Promise<Answer<boolean>> {
    const answer = await send({ method: 'GET', path: applicationPath(app), deadlineMs })
    if (answer.ok) return isObject(answer.value) ? { ok: true, value: true } : failed('bad_answer', '/applications')
    return answer.problem.kind === 'not_found' ? { ok: true, value: false } : answer
  }

  async function description(path: string): Promise<Answer<object>> {
    const answer = await send({ method: 'GET', path, deadlineMs })
    if (!answer.ok) return answer
    return isObject(answer.value) ? { ok: true, value: answer.value } : failed('not_ari', `${path} is no description`)
  }

  async function info(): Promise<Answer<AsteriskInfo>> {
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
    continueChannel: (id) => command('POST', `/channels/${encodeURIComponent(id)}/continue`),
    description,
    close,
  }
}

function readInfo(value: unknown): Answer<AsteriskInfo> {
  const { system, status } = (isObject(value) ? value : {}) as WireInfo
  if (!isObject(system) || !isObject(status)) return failed('not_ari', '/asterisk/info is of another kind')
  const { version, entity_id: entityId } = system as WireSystem
  const { startup_time: startup } = status as WireStatus
  const startedAt = typeof startup === 'string' ? parseTimestamp(startup) : Number.NaN
  if (typeof version !== 'string' || typeof entityId !== 'string' || Number.isNaN(startedAt)) {
    return failed('bad_answer', '/asterisk/info lacks version, entity id or start')
  }
  return { ok: true, value: { version, entityId, startedAt } }
}
