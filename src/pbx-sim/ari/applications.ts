// ARI applications: listeners, their subscriptions and filters.
//
// An application exists as long as its socket. A second socket with the same name takes it over, including filter and subscriptions.
// Nothing is kept for an application that is not connected. Source: observed behaviour of Asterisk 22.

import type { Frame, Topic } from '../asterisk/world.ts'

/** The sending side of a listener. */
export interface Listener {
  readonly send: (text: string) => void
}

interface Application {
  readonly name: string
  listener: Listener
  /** `channel:` means all channels, `channel:<id>` one of them; likewise for the others. */
  readonly sources: Set<string>
  readonly allowed: Set<string>
  readonly disallowed: Set<string>
}

/** An application as `GET /applications/{app}` shows it. */
export interface ApplicationView {
  readonly name: string
  readonly channel_ids: readonly string[]
  readonly bridge_ids: readonly string[]
  readonly endpoint_ids: readonly string[]
  readonly device_names: readonly string[]
  readonly events_allowed: readonly { readonly type: string }[]
  readonly events_disallowed: readonly { readonly type: string }[]
}

export interface EventFilter {
  readonly allowed?: readonly string[]
  readonly disallowed?: readonly string[]
}

export type Subscribed = 'ok' | 'no_application' | 'bad_source' | 'not_subscribed'

export interface Applications {
  /** Registers a listener, which takes over a name that is in use. `all`: subscribes to everything, including device states. */
  readonly open: (name: string, listener: Listener, all: boolean) => void
  /** The listener disconnected: its application is removed, unless another listener took it over. */
  readonly close: (name: string, listener: Listener) => void
  readonly subscribe: (name: string, sources: readonly string[]) => Subscribed
  readonly unsubscribe: (name: string, sources: readonly string[]) => Subscribed
  /** False without such an application. */
  readonly setFilter: (name: string, filter: EventFilter) => boolean
  readonly view: (name: string) => ApplicationView | undefined
  readonly list: () => readonly ApplicationView[]
  readonly has: (name: string) => boolean
  /** Removes an application and leaves its socket open, which a reconnect that is too quick does in Asterisk. */
  readonly dropRegistration: (name: string) => void
  readonly clear: () => void
  /** Sends a frame to all applications that are subscribed to it. */
  readonly publish: (frame: Frame) => void
  /** Sends to one application, regardless of its subscriptions; its filter applies. */
  readonly sendTo: (name: string, type: string, render: (application: string) => string) => void
  /** Sends to every application that is subscribed to anything; its filter applies. */
  readonly sendToAll: (type: string, render: (application: string) => string) => void
  /** Sends any text to every application that is subscribed to anything, regardless of its filter. */
  readonly broadcastRaw: (text: string) => void
}

const TOPICS: readonly Topic[] = ['channel', 'bridge', 'endpoint', 'deviceState']

/** `replaced` creates the ApplicationReplaced event for a listener whose name was taken over. */
export function createApplications(replaced: (application: string) => string): Applications {
  const applications = new Map<string, Application>()
  const changeSources = (name: string, sources: readonly string[], change: SourceChange): Subscribed => {
    const application = applications.get(name)
    if (application === undefined) {
      return 'no_application'
    }
    return sources.every(isSource) ? change(application.sources, sources) : 'bad_source'
  }
  const sendIfAllowed = (application: Application, type: string, render: (name: string) => string): void => {
    if (passes(application, type)) {
      application.listener.send(render(application.name))
    }
  }
  return {
    open: (name, listener, all) => {
      const existing = applications.get(name)
      existing?.listener.send(replaced(name))
      const application = existing ?? createApplication(name, listener)
      application.listener = listener
      for (const topic of all ? TOPICS : []) {
        application.sources.add(`${topic}:`)
      }
      applications.set(name, application)
    },
    close: (name, listener) => {
      if (applications.get(name)?.listener === listener) {
        applications.delete(name)
      }
    },
    subscribe: (name, sources) => changeSources(name, sources, addSources),
    unsubscribe: (name, sources) => changeSources(name, sources, removeSources),
    setFilter: (name, filter) => {
      const application = applications.get(name)
      replaceAll(application?.allowed, filter.allowed)
      replaceAll(application?.disallowed, filter.disallowed)
      return application !== undefined
    },
    view: (name) => viewOf(applications.get(name)),
    list: () => [...applications.values()].flatMap((application) => viewOf(application) ?? []),
    has: (name) => applications.has(name),
    dropRegistration: (name) => {
      applications.delete(name)
    },
    clear: () => applications.clear(),
    publish: (frame) => {
      for (const application of applications.values()) {
        for (let copies = copiesFor(application.sources, frame); copies > 0; copies -= 1) {
          sendIfAllowed(application, frame.type, frame.render)
        }
      }
    },
    sendTo: (name, type, render) => {
      const application = applications.get(name)
      if (application !== undefined) {
        sendIfAllowed(application, type, render)
      }
    },
    sendToAll: (type, render) => {
      for (const application of applications.values()) {
        if (application.sources.size > 0) {
          sendIfAllowed(application, type, render)
        }
      }
    },
    broadcastRaw: (text) => {
      for (const application of applications.values()) {
        if (application.sources.size > 0) {
          application.listener.send(text)
        }
      }
    },
  }
}

type SourceChange = (held: Set<string>, sources: readonly string[]) => Subscribed

function createApplication(name: string, listener: Listener): Application {
  return { name, listener, sources: new Set(), allowed: new Set(), disallowed: new Set() }
}

function addSources(held: Set<string>, sources: readonly string[]): Subscribed {
  for (const source of sources) {
    held.add(plain(source))
  }
  return 'ok'
}

function removeSources(held: Set<string>, sources: readonly string[]): Subscribed {
  if (!sources.every((source) => held.has(plain(source)))) {
    return 'not_subscribed'
  }
  for (const source of sources) {
    held.delete(plain(source))
  }
  return 'ok'
}

function isSource(source: string): boolean {
  return TOPICS.some((topic) => source.startsWith(`${topic}:`))
}

// Asterisk also accepts its own name for "all", as shown in its answers.
function plain(source: string): string {
  return source.replace(/:__AST_[A-Z_]+_TOPIC$/, ':')
}

function passes(application: Application, type: string): boolean {
  return !application.disallowed.has(type) && (application.allowed.size === 0 || application.allowed.has(type))
}

// A subscription to an endpoint or its technology includes the events of its channels: with `channel:` they are sent twice.
function copiesFor(sources: ReadonlySet<string>, frame: Frame): number {
  if (sources.size === 0) {
    return 0
  }
  const bare = frame.type === 'EndpointStateChange' ? false : sources.has(`${frame.topic}:`)
  const direct = bare || frame.ids.some((id) => sources.has(`${frame.topic}:${id}`)) ? 1 : 0
  const endpoints = frame.topic === 'endpoint' ? frame.ids : frame.endpoints
  const byEndpoint = endpoints.some((id) => sources.has(`endpoint:${id}`) || sources.has(`endpoint:${technology(id)}`))
  return frame.topic === 'endpoint' ? Math.max(direct, byEndpoint ? 1 : 0) : direct + (byEndpoint ? 1 : 0)
}

function technology(endpoint: string): string {
  return endpoint.split('/')[0] ?? endpoint
}

function replaceAll(set: Set<string> | undefined, types: readonly string[] = []): void {
  set?.clear()
  for (const type of types) {
    set?.add(type)
  }
}

function viewOf(application: Application | undefined): ApplicationView | undefined {
  if (application === undefined) {
    return undefined
  }
  const named = (topic: Topic, all: string): readonly string[] =>
    [...application.sources]
      .filter((source) => source.startsWith(`${topic}:`))
      .map((source) => (source === `${topic}:` ? `__AST_${all}_ALL_TOPIC` : source.slice(topic.length + 1)))
  const types = (set: ReadonlySet<string>): readonly { readonly type: string }[] => [...set].map((type) => ({ type }))
  return {
    name: application.name,
    channel_ids: named('channel', 'CHANNEL'),
    bridge_ids: named('bridge', 'BRIDGE'),
    endpoint_ids: named('endpoint', 'ENDPOINT'),
    device_names: named('deviceState', 'DEVICE_STATE'),
    events_allowed: types(application.allowed),
    events_disallowed: types(application.disallowed),
  }
}
