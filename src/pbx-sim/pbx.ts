// A simulated Asterisk 22: speaks ARI over a real socket on loopback, and plays calls.
//
// For the demo, tests and benchmarks; never for production. What it sends is modelled frame for frame on recordings of
// the real thing, so that a client cannot tell the difference. The truth about its calls can be asked for.

import { createApplications } from './ari/applications.ts'
import { createAriServer } from './ari/server.ts'
import type { CallTruth } from './asterisk/call.ts'
import type { SimChannel } from './asterisk/channel.ts'
import { json } from './asterisk/world.ts'
import { createTimeline } from './clock/eventQueue.ts'
import { startDriver } from './clock/realTime.ts'
import type { TruthTotals } from './groundTruth.ts'
import { type ReplayOptions, replayTrace, type TraceFrame } from './replay.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'
import { createExchange, type Exchange, type PlacedCall, type PlaceOptions } from './simulator.ts'

export interface PbxOptions {
  /** 0 for any free port. Default 0. */
  readonly port?: number
  /** Default 127.0.0.1; it is not made to be reached from elsewhere. */
  readonly host?: string
  readonly user: string
  readonly password: string
  /** A second user with the same password that may not write. */
  readonly readOnlyUser?: string
  /** The same seed gives the same calls. Default 1. */
  readonly seed?: number
  /** Calls a second of the random mix; default 0: only calls that are placed. */
  readonly callsPerSecond?: number
  /** The mix starts no call while so many are live. Default: no limit. */
  readonly maxConcurrent?: number
  /** Divides the times that people take: at 20, minutes become seconds. Default 1. */
  readonly speed?: number
  /** Send the channel variables that say nothing, too, as a real Asterisk does. Default true. */
  readonly noise?: boolean
  /** Minutes east of Greenwich that timestamps are written in. Default 0. */
  readonly zoneOffsetMinutes?: number
  /** Bytes that may wait for a listener, for longer than 100 ms, before it is cut off. Default 5,000,000. */
  readonly maxBufferedBytes?: number
  /** HTTP connections at one time; more are closed without an answer. Default 100, as in Asterisk. */
  readonly maxSessions?: number
}

export interface PbxDeps {
  /** Epoch ms; default the system's clock. */
  readonly now?: () => number
  readonly log?: (line: string) => void
  /** Told of each call that ended, with its truth. */
  readonly callEnded?: (truth: CallTruth) => void
}

export interface Pbx {
  /** `http://host:port`, as `ari.connect` wants it. */
  readonly url: string
  readonly stop: () => Promise<void>
  /** Plays one call. Throws when an endpoint is named that does not exist. */
  readonly place: (scenario: ScenarioName, options?: PlaceOptions) => PlacedCall
  /** The count of the truth so far. */
  readonly truth: () => TruthTotals
  readonly liveChannels: () => readonly Pick<SimChannel, 'id' | 'name' | 'state'>[]
  /** A phone or trunk registers or goes away, with the events of it. */
  readonly setEndpoint: (resource: string, online: boolean) => void
  /** Cuts every event socket; calls go on. */
  readonly dropSockets: () => void
  /** Stands still: open but silent, no answers, no pongs, no calls; `resume` goes on from there. */
  readonly stall: () => void
  readonly resume: () => void
  /** Stops listening, so that connections are refused; calls go on, unheard. */
  readonly refuse: () => Promise<void>
  readonly accept: () => Promise<void>
  /** `core restart now`: every channel hangs up, the sockets fall, ids begin anew; back after `downMs`. */
  readonly restart: (downMs?: number) => Promise<void>
  /** A crash: everything is gone without an event; back after `downMs`. */
  readonly kill: (downMs?: number) => Promise<void>
  /** Forgets that an application is registered and leaves its socket open, as too quick a reconnect does. */
  readonly loseApplication: (name: string) => void
  /** Sends any text to all listeners, malformed ones too, whatever they filter. */
  readonly sendRaw: (text: string) => void
  /** Sends a recording; resolves with the number of frames sent. */
  readonly replayTrace: (frames: readonly TraceFrame[], options?: Partial<ReplayOptions>) => Promise<number>
  /** Open event sockets. */
  readonly listeners: () => number
}

/** Starts a simulated PBX. Rejects when the port is taken. */
export async function startPbx(options: PbxOptions, deps: PbxDeps = {}): Promise<Pbx> {
  const parts = assemble(options, deps)
  const { exchange, server, driver, applications, now } = parts
  const host = options.host ?? '127.0.0.1'
  const port = await server.listen(options.port ?? 0)
  exchange.openDoors()
  driver.catchUp()

  const goDown = async (downMs: number, end: () => void): Promise<void> => {
    driver.catchUp()
    end()
    // What was just written is given time to leave before the sockets are cut.
    await new Promise((resolve) => setImmediate(resolve))
    applications.clear()
    await server.shut()
    await new Promise((resolve) => setTimeout(resolve, downMs))
    driver.catchUp()
    parts.startedAt = now()
    await server.listen(port)
    exchange.openDoors()
    driver.catchUp()
  }
  const soon = <T>(act: () => T): T => {
    driver.catchUp()
    const result = act()
    driver.catchUp()
    return result
  }
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      driver.stop()
      await server.shut()
    },
    place: (scenario, fixed) => soon(() => exchange.place(scenario, fixed)),
    truth: exchange.totals,
    liveChannels: () =>
      soon(() => [...exchange.world.channels.values()].map(({ id, name, state }) => ({ id, name, state }))),
    setEndpoint: (resource, online) => soon(() => exchange.setEndpoint(resource, online)),
    dropSockets: server.dropSockets,
    stall: () => {
      driver.pause()
      server.freeze()
    },
    resume: () => {
      driver.resume()
      server.thaw()
    },
    refuse: server.shut,
    accept: async () => {
      await server.listen(port)
    },
    restart: (downMs = 0) => goDown(downMs, exchange.restart),
    kill: (downMs = 0) => goDown(downMs, exchange.kill),
    loseApplication: applications.lose,
    sendRaw: applications.shout,
    replayTrace: (frames, { speed = 1, timestamps = 'shifted' } = {}) =>
      replayTrace(
        frames,
        { speed, timestamps },
        { applications, backlog: server.backlog, now, stamp: exchange.world.stamp },
      ),
    listeners: server.sockets,
  }
}

interface Parts {
  readonly exchange: Exchange
  readonly server: ReturnType<typeof createAriServer>
  readonly driver: ReturnType<typeof startDriver>
  readonly applications: ReturnType<typeof createApplications>
  readonly now: () => number
  startedAt: number
}

function assemble(options: PbxOptions, deps: PbxDeps): Parts {
  const now = deps.now ?? Date.now
  const timeline = createTimeline(now())
  const applications = createApplications((application) => farewell(application))
  const exchange = createExchange(
    {
      seed: options.seed ?? 1,
      speed: options.speed ?? 1,
      callsPerSecond: options.callsPerSecond ?? 0,
      maxConcurrent: options.maxConcurrent ?? Number.POSITIVE_INFINITY,
      noise: options.noise ?? true,
      zoneOffsetMinutes: options.zoneOffsetMinutes ?? 0,
    },
    {
      timeline,
      publish: applications.publish,
      hasApplication: applications.has,
      inApplication: (name, channel, inside) => tellStasis(name, channel, inside),
      ...(deps.callEnded === undefined ? {} : { callEnded: deps.callEnded }),
    },
  )
  const { world } = exchange
  const farewell = (application: string): string =>
    `{"type":"ApplicationReplaced","application":"${application}","timestamp":"${world.stamp(world.now())}",` +
    `"asterisk_id":"${world.asteriskId}"}`
  const tellStasis = (name: string, channel: SimChannel, inside: boolean): void => {
    const type = inside ? 'StasisStart' : 'StasisEnd'
    // While a channel is inside, its application hears all of it without having asked.
    if (inside) {
      applications.subscribe(name, [`channel:${channel.id}`])
    } else {
      applications.unsubscribe(name, [`channel:${channel.id}`])
    }
    applications.tell(name, type, (application) => {
      const args = inside ? '"args":[],' : ''
      return (
        `{"type":"${type}","timestamp":"${world.stamp(world.now())}",${args}"channel":${json(world, channel)},` +
        `"asterisk_id":"${world.asteriskId}","application":"${application}"}`
      )
    })
  }
  const driver = startDriver(timeline, now)
  const server = createAriServer(
    {
      host: options.host ?? '127.0.0.1',
      user: options.user,
      password: options.password,
      ...(options.readOnlyUser === undefined ? {} : { readOnlyUser: options.readOnlyUser }),
      maxBufferedBytes: options.maxBufferedBytes ?? 5_000_000,
      maxSessions: options.maxSessions ?? 100,
    },
    {
      exchange,
      applications,
      startedAt: () => parts.startedAt,
      catchUp: driver.catchUp,
      log: deps.log ?? (() => undefined),
    },
  )
  const parts: Parts = { exchange, server, driver, applications, now, startedAt: now() }
  return parts
}
