// The REST API of the simulated ARI, with the paths, responses and error messages of Asterisk.
//
// Each route is a function that converts a request to a response.

import { bridgeJson, channelJson } from '../asterisk/channel.ts'
import { endpointJson } from '../asterisk/world.ts'
import type { Random } from '../random.ts'
import type { Simulator } from '../simulator.ts'
import { error, ok, type RestAnswer } from './answer.ts'
import { resourceDescription, resourceList } from './apiDocs.ts'
import type { Applications, EventFilter, Subscribed } from './applications.ts'
import { originate } from './originate.ts'
import {
  channelStatistics,
  channelVariable,
  configuration,
  module,
  oneDeviceState,
  perhapsFaulty,
} from './questions.ts'

export interface RestRequest {
  readonly method: string
  /** Path below `/ari`, split at the slashes and decoded. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** The body as JSON; undefined without one, null when it is not JSON. */
  readonly body: unknown
  /** Scheme, host and port that the client used. */
  readonly base: string
}

export interface RestDeps {
  readonly simulator: Simulator
  readonly applications: Applications
  readonly startedAt: () => number
  /** Modules that are not loaded, such as `app_queue.so`. */
  readonly missingModules: readonly string[]
  /** Of the answers about queue members, voice, endpoints and modules. */
  readonly faults: { readonly random: Random; readonly share: number }
}

/** Answers an authorized request. */
export function answerRest(request: RestRequest, deps: RestDeps): RestAnswer {
  const [resource = '', ...rest] = request.path
  switch (resource) {
    case 'api-docs': {
      return apiDocs(request, rest[0] ?? '')
    }
    case 'asterisk': {
      return asterisk(request, deps, rest)
    }
    case 'applications': {
      return application(request, deps, rest)
    }
    case 'channels': {
      return channels(request, deps, rest)
    }
    case 'bridges': {
      return bridges(deps, rest[0])
    }
    case 'endpoints': {
      return endpoints(deps, rest)
    }
    case 'deviceStates': {
      const [name] = rest
      return name === undefined ? ok([]) : perhaps(deps, oneDeviceState(deps.simulator.world, name))
    }
    default: {
      return error(404, 'Resource not found')
    }
  }
}

function apiDocs(request: RestRequest, file: string): RestAnswer {
  const name = file.replace(/\.json$/, '')
  const body = name === 'resources' ? resourceList(request.base) : resourceDescription(request.base, name)
  return body === undefined ? error(404, 'Resource not found') : ok(body)
}

function asterisk(request: RestRequest, deps: RestDeps, [part, ...rest]: readonly string[]): RestAnswer {
  if (part === 'info' && rest.length === 0) {
    return info(request, deps)
  }
  if (part === 'modules' && rest.length === 1) {
    return perhaps(deps, module(rest[0] ?? '', deps.missingModules))
  }
  return part === 'config' && rest[0] === 'dynamic' && rest.length === 4 && request.method === 'GET'
    ? perhaps(deps, configuration(deps.simulator.world, rest.slice(1)))
    : error(404, 'Resource not found')
}

function info(request: RestRequest, deps: RestDeps): RestAnswer {
  const { world } = deps.simulator
  const started = world.stamp(deps.startedAt())
  const parts = {
    build: {
      os: 'Linux',
      kernel: '6.1.0',
      machine: 'x86_64',
      options: '',
      date: '2026-01-01 00:00:00 UTC',
      user: 'sim',
    },
    system: { version: '22.10.1', entity_id: world.asteriskId },
    config: { name: '', default_language: 'en', setid: { user: '', group: '' } },
    status: { startup_time: started, last_reload_time: started },
  }
  const only = request.query.get('only')
  const wanted = only === null ? null : only.split(',')
  return ok(Object.fromEntries(Object.entries(parts).filter(([part]) => wanted?.includes(part) ?? true)))
}

function application(request: RestRequest, deps: RestDeps, rest: readonly string[]): RestAnswer {
  const [name, action] = rest
  if (name === undefined) {
    return ok(deps.applications.list())
  }
  const answer = { GET: undefined, POST: subscribe, DELETE: unsubscribe, PUT: setFilter }[request.method]
  if (action !== undefined && answer !== undefined) {
    const failed = answer(request, deps, name)
    if (failed !== null) {
      return failed
    }
  }
  const view = deps.applications.view(name)
  return view === undefined ? error(404, 'Application not found') : ok(view)
}

function subscribe(request: RestRequest, deps: RestDeps, name: string): RestAnswer | null {
  const sources = eventSources(request)
  const gone = sources.find((source) => /^channel:[^_]/.test(source) && !hasChannel(deps, source.slice(8)))
  if (gone !== undefined && deps.applications.has(name)) {
    return error(422, 'Event source does not exist')
  }
  return problem(deps.applications.subscribe(name, sources), sources)
}

function unsubscribe(request: RestRequest, deps: RestDeps, name: string): RestAnswer | null {
  const sources = eventSources(request)
  return problem(deps.applications.unsubscribe(name, sources), sources)
}

function problem(subscribed: Subscribed, sources: readonly string[]): RestAnswer | null {
  if (subscribed === 'no_application') {
    return error(404, 'Application not found')
  }
  if (subscribed === 'bad_source' || sources.length === 0) {
    return error(400, 'Invalid parameter')
  }
  return subscribed === 'not_subscribed' ? error(409, 'Application not subscribed to event source') : null
}

function setFilter(request: RestRequest, deps: RestDeps, name: string): RestAnswer | null {
  if (!deps.applications.has(name)) {
    return error(404, 'Application not found')
  }
  const filter = parseFilter(request.body)
  if (filter === null) {
    return error(400, 'Bad request')
  }
  deps.applications.setFilter(name, filter)
  return null
}

// `{}` resets the filter; anything that is not lists of `{type}` is refused.
function parseFilter(body: unknown): EventFilter | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return null
  }
  const lists = ['allowed', 'disallowed'].map((name) => (Object.hasOwn(body, name) ? Reflect.get(body, name) : []))
  const types = lists.map(typesIn)
  const [allowed, disallowed] = types
  return allowed == null || disallowed == null ? null : { allowed, disallowed }
}

function typesIn(list: unknown): readonly string[] | null {
  if (!Array.isArray(list)) {
    return null
  }
  const types = list.map((item: unknown): unknown =>
    typeof item === 'object' && item !== null ? Reflect.get(item, 'type') : undefined,
  )
  return types.every((type) => typeof type === 'string') ? types : null
}

function eventSources(request: RestRequest): readonly string[] {
  const given = request.query.getAll('eventSource').flatMap((sources) => sources.split(','))
  return given.filter((source) => source !== '')
}

function channels(request: RestRequest, deps: RestDeps, rest: readonly string[]): RestAnswer {
  const { world } = deps.simulator
  const [id, action] = rest
  if (id === undefined) {
    return list([...world.channels.values()].map((channel) => channelJson(channel, world.stamp)))
  }
  if (action === 'variable' && request.method === 'GET') {
    return perhaps(deps, channelVariable(world, id, request.query.get('variable')))
  }
  if (action === 'rtp_statistics') {
    return perhaps(deps, channelStatistics(world, id))
  }
  if (action === undefined && request.method === 'POST') {
    return originate(request, deps.simulator, id)
  }
  if (action === undefined && request.method === 'DELETE') {
    return deps.simulator.hangUp(id) ? { status: 204, text: '' } : error(404, 'Channel not found')
  }
  const channel = world.channels.get(id)
  if (channel === undefined) {
    return error(404, 'Channel not found')
  }
  if (action === 'continue' && request.method === 'POST') {
    return deps.simulator.continueChannel(id)
      ? { status: 204, text: '' }
      : error(409, 'Channel not in Stasis application')
  }
  return action === undefined
    ? { status: 200, text: channelJson(channel, world.stamp) }
    : error(404, 'Resource not found')
}

function perhaps({ faults: { random, share } }: RestDeps, answer: RestAnswer): RestAnswer {
  return share === 0 ? answer : perhapsFaulty(answer, random, share)
}

function bridges(deps: RestDeps, id: string | undefined): RestAnswer {
  const { world } = deps.simulator
  if (id === undefined) {
    return list([...world.bridges.values()].map((bridge) => bridgeJson(bridge, world.stamp)))
  }
  const bridge = world.bridges.get(id)
  return bridge === undefined ? error(404, 'Bridge not found') : { status: 200, text: bridgeJson(bridge, world.stamp) }
}

function endpoints(deps: RestDeps, rest: readonly string[]): RestAnswer {
  const { world } = deps.simulator
  const [technology, resource] = rest
  const found = technology === undefined || technology === 'PJSIP' ? [...world.endpoints.values()] : []
  if (resource === undefined) {
    return list(found.map((endpoint) => endpointJson(world, endpoint)))
  }
  const endpoint = found.find((candidate) => candidate.resource === resource)
  return endpoint === undefined
    ? error(404, 'Endpoint not found')
    : { status: 200, text: endpointJson(world, endpoint) }
}

function list(items: readonly string[]): RestAnswer {
  return { status: 200, text: `[${items.join(',')}]` }
}

function hasChannel(deps: RestDeps, id: string): boolean {
  return deps.simulator.world.channels.has(id)
}
