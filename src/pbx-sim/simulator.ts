// The simulator: plays scenarios from the event queue, counts the ground truth, and makes the random mix.
//
// It is the whole simulated PBX except its sockets. It reads no clock: tests set the time directly.

import type { Call, ExpectedCall, Parties } from './asterisk/call.ts'
import { createEndpoints } from './asterisk/endpoints.ts'
import { createStaff } from './asterisk/staff.ts'
import { createStamp } from './asterisk/timestamp.ts'
import { type Frame, sendEndpoint, type Traffic, type World } from './asterisk/world.ts'
import type { EventQueue } from './clock/eventQueue.ts'
import type { Dialed } from './destinations.ts'
import { drawFollowUp } from './followUp.ts'
import { planFraudNight } from './fraudNight.ts'
import { createGroundTruth, type GroundTruthCounts } from './groundTruth.ts'
import { drawParties, drawTimes } from './parties.ts'
import { play } from './play.ts'
import { createRandom, type Random } from './random.ts'
import { drawScenario, SCENARIOS, type ScenarioName, type WeightOf } from './scenarios/catalogue.ts'
import { forget, goDown } from './shutDown.ts'

export interface SimulatorOptions {
  readonly seed: number
  /** Divides human durations; network delays are not changed. */
  readonly speed: number
  /** Calls a second of the random mix; 0 for none. */
  readonly callsPerSecond: number
  /** The mix starts no call while this many are live. */
  readonly maxConcurrent: number
  /** Default: the shares of the mix. */
  readonly weightOf?: WeightOf
  /** Whether callers from outside who were missed call again, and phones call them back, besides the mix. Default false. */
  readonly callBacks?: boolean
  /** Whether agents pause and log off by phone, besides the mix. Default false. */
  readonly agentsPause?: boolean
  /** Whether some calls have one-way audio or lose packets. Default false. */
  readonly voiceTrouble?: boolean
  /** Whether calls from outside are recorded. Default false. */
  readonly recordings?: boolean
  /** Whether somebody steals calls from the start on, for two hours. Default false. */
  readonly fraud?: boolean
  readonly traffic: Traffic
  /** The zone of timestamps, in minutes east of Greenwich. */
  readonly zoneOffsetMinutes: number
}

export interface SimulatorDependencies {
  readonly eventQueue: EventQueue
  readonly publish: (frame: Frame) => void
  readonly hasApplication: World['hasApplication']
  readonly inApplication: World['inApplication']
  /** Called for each call that ended, with its expected result. */
  readonly callEnded?: (truth: ExpectedCall) => void
}

/** What a test can fix in a call; the rest is drawn at random. Durations in ms are not divided by the speed. */
export interface PlaceOptions {
  readonly caller?: string
  readonly callee?: string
  readonly third?: string
  readonly trunk?: string
  readonly queue?: 'support' | 'sales'
  /** The person on the far side of the trunk. */
  readonly outside?: Partial<Parties['outside']>
  /** What a phone dials on the trunk. */
  readonly dialed?: Dialed
  /** Who takes the call in a ring group or queue. */
  readonly answerer?: string
  readonly ringMs?: number
  readonly talkMs?: number
  readonly dialTimeoutMs?: number
  readonly patienceMs?: number
  /** The id of the first channel. */
  readonly channelId?: string
  /** The ground truth counts it as a stolen call. */
  readonly isStolen?: boolean
}

export interface PlacedCall {
  /** Resolves with the expected results of the scenario's calls; empty when the PBX went down meanwhile. */
  readonly ended: Promise<readonly ExpectedCall[]>
  /** Ends the present pause of the scenario, such as the ringing or the talk; no effect after its end. */
  readonly endPause: () => void
}

export interface Simulator {
  readonly world: World
  readonly place: (scenario: ScenarioName, options?: PlaceOptions) => PlacedCall
  /** Starts the random mix. */
  readonly startArrivals: () => void
  readonly setEndpoint: (resource: string, online: boolean) => void
  readonly totals: () => GroundTruthCounts
  /** Lets a channel in an application continue in its dialplan. */
  readonly continueChannel: (channelId: string) => boolean
  /**
   * Hangs up a channel; false if there is none. A call that a client began ends as it would; any other scenario runs on to its end at
   * once, and a phone that rings is answered for a moment.
   */
  readonly hangUp: (channelId: string) => boolean
  /** All channels hang up, with events, as in `core restart now`; then the state is reset and arrivals stay stopped. */
  readonly restart: () => void
  /** Drops all calls without events and resets the state; arrivals stay stopped. */
  readonly kill: () => void
}

/** More than any scenario has. */
const MOST_PAUSES = 100

/** How often an agent goes away. */
const PAUSE_EVERY_MS = 180_000

/** Creates a simulator without calls. */
export function createSimulator(options: SimulatorOptions, deps: SimulatorDependencies): Simulator {
  const { eventQueue } = deps
  const chance = createRandom(options.seed)
  const followUpChance = chance.fork(-2)
  const pauseChance = chance.fork(-3)
  const world = createWorld(options, deps, chance.fork(-1))
  const totals = createGroundTruth()
  const cutShort = new Set<() => void>()
  let placed = 0

  const place = (scenario: ScenarioName, fixed: PlaceOptions = {}): PlacedCall => {
    const random = chance.fork(placed)
    placed += 1
    const call: Call = {
      world,
      random,
      parties: drawParties(world, random, fixed),
      times: drawTimes(random, options, fixed),
    }
    let endPause = (): void => undefined
    const ended = new Promise<readonly ExpectedCall[]>((resolve) => {
      const cut = (): void => {
        endPause = () => undefined
        resolve([])
      }
      cutShort.add(cut)
      const script = SCENARIOS[scenario].script(call)
      totals.begun()
      world.running.channelId = fixed.channelId ?? null
      endPause = play(eventQueue, world, script, (truths) => {
        cutShort.delete(cut)
        totals.ended(scenario, truths, { ...fixed, outside: call.parties.outside.number })
        followUp(call.parties.outside)
        for (const truth of truths) {
          deps.callEnded?.(truth)
        }
        resolve(truths)
      })
    })
    return { ended, endPause: () => endPause() }
  }

  const followUp = (outside: Parties['outside']): void => {
    if (options.callBacks === true && totals.isWaiting(outside.number)) {
      const { afterMs, scenario, fixed } = drawFollowUp(followUpChance, outside)
      eventQueue.at(eventQueue.now() + Math.round(afterMs / options.speed), () => void place(scenario, fixed))
    }
  }
  const nextArrival = (): void => {
    const gap = Math.max(1, Math.round(chance.wait(1000 / options.callsPerSecond)))
    eventQueue.at(eventQueue.now() + gap, () => {
      if (cutShort.size < options.maxConcurrent) {
        place(drawScenario(chance, options.weightOf))
      }
      nextArrival()
    })
  }
  const nextPause = (): void => {
    eventQueue.at(eventQueue.now() + Math.round(pauseChance.wait(PAUSE_EVERY_MS / options.speed)), () => {
      place(pauseChance.chance(0.75) ? 'agent-pauses' : 'agent-logs-off')
      nextPause()
    })
  }
  const startArrivals = (): void => {
    planFraudNight(chance.fork(-4), { ...options, eventQueue, place })
    if (options.agentsPause === true) {
      nextPause()
    }
    if (options.callsPerSecond > 0) {
      nextArrival()
    }
  }
  const kill = (): void => {
    totals.cut(cutShort.size)
    eventQueue.clear()
    forget(world)
    for (const cut of cutShort) {
      cut()
    }
    cutShort.clear()
  }
  return {
    world,
    place,
    startArrivals,
    setEndpoint: (resource, online) => setEndpoint(world, resource, online),
    totals: () => totals.read(),
    continueChannel: (channelId) => {
      const go = world.waiting.get(channelId)
      go?.()
      return go !== undefined
    },
    hangUp: (channelId) => {
      const isKnown = world.channels.has(channelId)
      for (let pause = 0; pause < MOST_PAUSES && world.channels.has(channelId); pause += 1) {
        world.hangUps.get(channelId)?.()
      }
      return isKnown
    },
    restart: () => {
      goDown(world)
      kill()
    },
    kill,
  }
}

function createWorld(options: SimulatorOptions, deps: SimulatorDependencies, random: Random): World {
  return {
    asteriskId: '02:fc:00:00:00:02',
    channels: new Map(),
    byEndpoint: new Map(),
    bridges: new Map(),
    endpoints: createEndpoints(),
    staff: createStaff(options.speed),
    random,
    voiceTrouble: options.voiceTrouble === true ? random.fork(-1) : null,
    traffic: options.traffic,
    recordings: options.recordings ?? false,
    now: deps.eventQueue.now,
    stamp: createStamp(options.zoneOffsetMinutes),
    publish: deps.publish,
    hasApplication: deps.hasApplication,
    inApplication: deps.inApplication,
    waiting: new Map(),
    hangUps: new Map(),
    running: { hangUp: null, channelId: null },
    counters: { id: 0, name: 0, local: 0 },
  }
}

function setEndpoint(world: World, resource: string, online: boolean): void {
  const endpoint = world.endpoints.get(resource)
  if (endpoint === undefined || endpoint.online === online) {
    return
  }
  endpoint.online = online
  const contact = { uri: `sip:${resource}@127.0.0.1:5060`, contact_status: online ? 'NonQualified' : 'Removed' }
  const info = JSON.stringify({ ...contact, aor: resource, roundtrip_usec: '0' })
  const peer = `,"peer":{"peer_status":"${online ? 'Reachable' : 'Unreachable'}"}`
  sendEndpoint(world, { type: 'PeerStatusChange', endpoint, after: peer })
  sendEndpoint(world, { type: 'ContactStatusChange', endpoint, after: `,"contact_info":${info}` })
  sendEndpoint(world, { type: 'EndpointStateChange', endpoint })
}
