// A simulated Asterisk 22: serves ARI over a real socket on loopback, and plays calls.
//
// For the demo, tests and benchmarks only. Its frames are modelled on recordings of a real Asterisk. It knows the ground truth about
// its calls.

import { createApplications } from './ari/applications.ts'
import { createAriServer } from './ari/server.ts'
import type { ExpectedCall } from './asterisk/call.ts'
import type { SimChannel } from './asterisk/channel.ts'
import { json, type Traffic } from './asterisk/world.ts'
import { createEventQueue } from './clock/eventQueue.ts'
import { startRealTime } from './clock/realTime.ts'
import type { GroundTruthCounts } from './groundTruth.ts'
import { createRandom } from './random.ts'
import { type ReplayOptions, replayTrace, type TraceFrame } from './replay.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'
import { createSimulator, type PlacedCall, type PlaceOptions, type Simulator } from './simulator.ts'

export interface PbxOptions {
  /** 0 for any free port. Default 0. */
  readonly port?: number
  /** Default 127.0.0.1; not hardened for other networks. */
  readonly host?: string
  readonly user: string
  readonly password: string
  /** A second user with the same password who may not write. */
  readonly readOnlyUser?: string
  /** The same seed gives the same calls. Default 1. */
  readonly seed?: number
  /** Calls a second of the random mix; default 0: only calls that are placed. */
  readonly callsPerSecond?: number
  /** The mix starts no call while this many are live. Default: no limit. */
  readonly maxConcurrent?: number
  /** Whether callers from outside who were missed call again, and phones call them back, besides the mix. Default false. */
  readonly callBacks?: boolean
  /** Whether agents pause and log off by phone, besides the mix. Default false. */
  readonly agentsPause?: boolean
  /** Whether some calls have one-way audio or lose packets. Default false. */
  readonly voiceTrouble?: boolean
  /** The share of answers about queue members, voice, endpoints and modules that are slow, errors or of another shape. Default 0. */
  readonly faultyAnswers?: number
  /** Modules of Asterisk that are not loaded, such as `app_queue.so`. Default none. */
  readonly missingModules?: readonly string[]
  /** Whether calls from outside are recorded. Default false. */
  readonly recordings?: boolean
  /** Whether somebody steals calls from the start on. Default false. */
  readonly fraud?: boolean
  /** Divides human durations: at 20, minutes become seconds. Default 1. */
  readonly speed?: number
  /** Default `real`. */
  readonly traffic?: Traffic
  /** The zone of timestamps, in minutes east of Greenwich. Default 0. */
  readonly zoneOffsetMinutes?: number
  /** Bytes that may wait for a listener for more than 100 ms before it is disconnected. Default 5,000,000. */
  readonly maxBufferedBytes?: number
  /** HTTP connections at one time; more are closed without an answer. Default 100, as in Asterisk. */
  readonly maxSessions?: number
}

export interface PbxDeps {
  /** Epoch ms; default the system's clock. */
  readonly now?: () => number
  readonly log?: (line: string) => void
  /** Called for each call that ended, with its expected result. */
  readonly callEnded?: (truth: ExpectedCall) => void
}

export interface Pbx {
  /** `http://host:port`, in the form for `ari.connect`. */
  readonly url: string
  readonly stop: () => Promise<void>
  /** Plays one call. Throws if a named endpoint does not exist. */
  readonly place: (scenario: ScenarioName, options?: PlaceOptions) => PlacedCall
  /** The ground truth so far. */
  readonly truth: () => GroundTruthCounts
  readonly liveChannels: () => readonly Pick<SimChannel, 'id' | 'name' | 'state'>[]
  /** A phone or trunk registers or unregisters, with the events. */
  readonly setEndpoint: (resource: string, online: boolean) => void
  /** Cuts every event socket; calls continue. */
  readonly dropSockets: () => void
  /** Freezes: connections stay open, but no answers, pongs or calls; `resume` continues from there. */
  readonly stall: () => void
  readonly resume: () => void
  /** Stops listening, so that connections are refused; calls continue without events. */
  readonly refuse: () => Promise<void>
  readonly accept: () => Promise<void>
  /** `core restart now`: every channel hangs up, the sockets close, ids start again; back after `downMs`. */
  readonly restart: (downMs?: number) => Promise<void>
  /** A crash: everything disappears without an event; back after `downMs`. */
  readonly kill: (downMs?: number) => Promise<void>
  /** Removes the registration of an application and leaves its socket open, as a reconnect that is too quick does. */
  readonly dropRegistration: (name: string) => void
  /** Sends any text, also a malformed one, to all listeners regardless of their filters. */
  readonly sendRaw: (text: string) => void
  /** Sends a recording; resolves with the number of frames sent. */
  readonly replayTrace: (frames: readonly TraceFrame[], options?: Partial<ReplayOptions>) => Promise<number>
  /** Open event sockets. */
  readonly listeners: () => number
}

/** Starts a simulated PBX. Rejects if the port is in use. */
export async function startPbx(options: PbxOptions, deps: PbxDeps = {}): Promise<Pbx> {
  const parts = assemble(options, deps)
  const { simulator, server, realTime, applications, now } = parts
  const host = options.host ?? '127.0.0.1'
  const port = await server.listen(options.port ?? 0)
  simulator.startArrivals()
  realTime.catchUp()

  const goDown = async (downMs: number, end: () => void): Promise<void> => {
    realTime.catchUp()
    end()
    // Pending writes are sent before the sockets are cut.
    await new Promise((resolve) => setImmediate(resolve))
    applications.clear()
    await server.shut()
    await new Promise((resolve) => setTimeout(resolve, downMs))
    realTime.catchUp()
    parts.startedAt = now()
    await server.listen(port)
    simulator.startArrivals()
    realTime.catchUp()
  }
  const soon = <T>(act: () => T): T => {
    realTime.catchUp()
    const result = act()
    realTime.catchUp()
    return result
  }
  return {
    url: `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`,
    stop: async () => {
      realTime.stop()
      await server.shut()
    },
    place: (scenario, fixed) => {
      const { ended, endPause } = soon(() => simulator.place(scenario, fixed))
      return { ended, endPause: () => soon(endPause) }
    },
    truth: simulator.totals,
    liveChannels: () =>
      soon(() => [...simulator.world.channels.values()].map(({ id, name, state }) => ({ id, name, state }))),
    setEndpoint: (resource, online) => soon(() => simulator.setEndpoint(resource, online)),
    dropSockets: server.dropSockets,
    stall: () => {
      realTime.pause()
      server.freeze()
    },
    resume: () => {
      realTime.resume()
      server.thaw()
    },
    refuse: server.shut,
    accept: async () => {
      await server.listen(port)
    },
    restart: (downMs = 0) => goDown(downMs, simulator.restart),
    kill: (downMs = 0) => goDown(downMs, simulator.kill),
    dropRegistration: applications.dropRegistration,
    sendRaw: applications.broadcastRaw,
    replayTrace: (frames, { speed = 1, timestamps = 'shifted' } = {}) =>
      replayTrace(
        frames,
        { speed, timestamps },
        { applications, backlog: server.backlog, now, stamp: simulator.world.stamp },
      ),
    listeners: server.sockets,
  }
}

interface Parts {
  readonly simulator: Simulator
  readonly server: ReturnType<typeof createAriServer>
  readonly realTime: ReturnType<typeof startRealTime>
  readonly applications: ReturnType<typeof createApplications>
  readonly now: () => number
  startedAt: number
}

function assemble(options: PbxOptions, deps: PbxDeps): Parts {
  const now = deps.now ?? Date.now
  const eventQueue = createEventQueue(now())
  const applications = createApplications((application) => replacedEvent(application))
  const simulator = createSimulator(
    {
      seed: options.seed ?? 1,
      speed: options.speed ?? 1,
      callsPerSecond: options.callsPerSecond ?? 0,
      maxConcurrent: options.maxConcurrent ?? Number.POSITIVE_INFINITY,
      callBacks: options.callBacks ?? false,
      agentsPause: options.agentsPause ?? false,
      voiceTrouble: options.voiceTrouble ?? false,
      recordings: options.recordings ?? false,
      fraud: options.fraud ?? false,
      traffic: options.traffic ?? 'real',
      zoneOffsetMinutes: options.zoneOffsetMinutes ?? 0,
    },
    {
      eventQueue,
      publish: applications.publish,
      hasApplication: applications.has,
      inApplication: (name, channel, inside) => tellStasis(name, channel, inside),
      ...(deps.callEnded === undefined ? {} : { callEnded: deps.callEnded }),
    },
  )
  const { world } = simulator
  const replacedEvent = (application: string): string =>
    `{"type":"ApplicationReplaced","application":"${application}","timestamp":"${world.stamp(world.now())}",` +
    `"asterisk_id":"${world.asteriskId}"}`
  const tellStasis = (name: string, channel: SimChannel, inside: boolean): void => {
    const type = inside ? 'StasisStart' : 'StasisEnd'
    // While a channel is in an application, that application receives its events without a subscription.
    if (inside) {
      applications.subscribe(name, [`channel:${channel.id}`])
    } else {
      applications.unsubscribe(name, [`channel:${channel.id}`])
    }
    applications.sendTo(name, type, (application) => {
      const args = inside ? '"args":[],' : ''
      return (
        `{"type":"${type}","timestamp":"${world.stamp(world.now())}",${args}"channel":${json(world, channel)},` +
        `"asterisk_id":"${world.asteriskId}","application":"${application}"}`
      )
    })
  }
  const realTime = startRealTime(eventQueue, now)
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
      simulator,
      applications,
      faults: { random: createRandom(options.seed ?? 1).fork(-4), share: options.faultyAnswers ?? 0 },
      startedAt: () => parts.startedAt,
      missingModules: options.missingModules ?? [],
      catchUp: realTime.catchUp,
      log: deps.log ?? (() => undefined),
    },
  )
  const parts: Parts = { simulator, server, realTime, applications, now, startedAt: now() }
  return parts
}
