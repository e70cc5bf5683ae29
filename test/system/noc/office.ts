// An office over days of made-up time: the simulated PBX and its troubles, and an exporter that listens to it.
//
// Nothing waits and nothing reads a clock: the simulator's agenda is run from scrape to scrape. The same options give the
// same text each time.

import type { CallFact } from '../../../src/call/fact.ts'
import { createEventQueue } from '../../../src/pbx-sim/clock/eventQueue.ts'
import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'
import { drawScenario, type ScenarioName, type WeightOf } from '../../../src/pbx-sim/scenarios/catalogue.ts'
import { createSimulator, type PlaceOptions } from '../../../src/pbx-sim/simulator.ts'
import { createCallbacks } from './callbacks.ts'
import { type Core, createEar } from './inProcessExporter.ts'

export interface OfficeOptions {
  /** Epoch ms. */
  readonly startAt: number
  readonly seed: number
  /** How many calls begin in an hour around that instant. */
  readonly callsPerHour: (at: number) => number
  /** What happens besides the calls, in order of time. */
  readonly incidents: readonly Incident[]
  /** Default: the shares of the simulator's mix. */
  readonly weightOf?: WeightOf
  /** How many of its missed callers the office calls back in an hour around that instant; default: none. */
  readonly callbacksPerHour?: (at: number) => number
  /** Receives what the exporter concludes, as its call log is. */
  readonly onFacts?: ((facts: readonly CallFact[]) => void) | undefined
}

export interface Incident {
  readonly at: number
  readonly happen: (happenings: Happenings) => void
}

/** What can happen to an office. */
export interface Happenings {
  readonly place: (scenario: ScenarioName, options?: PlaceOptions) => void
  /** A phone or trunk registers or unregisters. */
  readonly setEndpoint: (resource: string, online: boolean) => void
  /** `core restart now`: live calls are cut, and the exporter is disconnected for so long. */
  readonly restartAsterisk: (downMs: number) => void
  /** The session breaks for so long; calls go on, unheard. */
  readonly cutSession: (forMs: number) => void
  /** The call log cannot be written for so long. */
  readonly blockDisk: (forMs: number) => void
  /** Somebody guesses passwords. */
  readonly refuseLogins: (count: number) => void
  /** The output of the log takes so many lines less. */
  readonly dropLogLines: (count: number) => void
  /** So many callers are in our own application and are not handed back for so long. */
  readonly keepCallers: (count: number, forMs: number) => void
  /** So many bytes of events wait to be handled for so long. */
  readonly fallBehind: (bytes: number, forMs: number) => void
  /** A new process of the exporter goes on from the sums that the log has kept. */
  readonly restartExporter: () => void
}

export interface Office {
  /** Advances to that instant (epoch ms) and returns what /metrics says then. */
  readonly scrapeAt: (at: number) => Promise<string>
  /** What the exporter knows of now. */
  readonly core: Core
}

const QUALIFY_EVERY_MS = 60_000

/** An office with its doors open. */
export function openOffice(options: OfficeOptions): Office {
  const eventQueue = createEventQueue(options.startAt)
  const ear = createEar({ eventQueue, random: createRandom(options.seed + 1), onFacts: options.onFacts })
  const simulator = createSimulator(
    {
      seed: options.seed,
      speed: 1,
      callsPerSecond: 0,
      maxConcurrent: Number.POSITIVE_INFINITY,
      traffic: 'lean',
      zoneOffsetMinutes: 0,
      voiceTrouble: true,
    },
    { eventQueue, publish: ear.hear, hasApplication: () => false, inApplication: () => {} },
  )
  ear.connect(simulator.world, options.startAt)
  const arrivals = createArrivals(options, createRandom(options.seed + 2))
  const callbacks = createCallbacks(options, {
    // While the PBX is out of reach, nobody calls.
    waiting: () => (ear.core.isInSync() ? ear.core.missedCallers.waiting() : []),
    random: createRandom(options.seed + 3),
    place: simulator.place,
  })
  const incidents = [...options.incidents]
  let nextQualifyAt = options.startAt

  const later = (at: number, happen: () => void): void => {
    incidents.push({ at, happen })
    incidents.sort((one, other) => one.at - other.at)
  }
  const happenings: Happenings = {
    place: (scenario, fixed) => void simulator.place(scenario, fixed),
    setEndpoint: (resource, online) => simulator.setEndpoint(resource, online),
    restartAsterisk(downMs) {
      simulator.restart()
      ear.loseConnection()
      const backAt = eventQueue.now() + downMs
      later(backAt, () => ear.connect(simulator.world, backAt))
      arrivals.rest(backAt)
    },
    cutSession(forMs) {
      ear.loseConnection()
      later(eventQueue.now() + forMs, () => ear.connect(simulator.world))
    },
    blockDisk(forMs) {
      ear.blockDisk()
      later(eventQueue.now() + forMs, ear.freeDisk)
    },
    refuseLogins: ear.refuseLogins,
    dropLogLines: ear.dropLogLines,
    fallBehind(bytes, forMs) {
      ear.fallBehind(bytes)
      later(eventQueue.now() + forMs, () => ear.fallBehind(0))
    },
    keepCallers(count, forMs) {
      ear.keepCallers(count)
      later(eventQueue.now() + forMs, () => ear.keepCallers(0))
    },
    restartExporter: ear.restartExporter,
  }

  // Whatever comes first goes first: a call, a call back, an incident, the PBX' question to its phones.
  function liveUntil(until: number): void {
    for (;;) {
      const incidentAt = incidents[0]?.at ?? Number.POSITIVE_INFINITY
      const next = Math.min(arrivals.nextAt(), callbacks.nextAt(), incidentAt, nextQualifyAt)
      if (next > until) {
        break
      }
      eventQueue.runUntil(next)
      if (next === incidentAt) {
        incidents.shift()?.happen(happenings)
      } else if (next === nextQualifyAt) {
        ear.qualify(simulator.world)
        nextQualifyAt += QUALIFY_EVERY_MS
      } else if (next === callbacks.nextAt()) {
        callbacks.call()
      } else {
        void simulator.place(arrivals.take())
      }
    }
    eventQueue.runUntil(until)
  }

  return {
    core: ear.core,
    scrapeAt(at) {
      liveUntil(at)
      return ear.expose()
    },
  }
}

interface Arrivals {
  readonly nextAt: () => number
  readonly take: () => ScenarioName
  /** Nobody calls before that instant. */
  readonly rest: (until: number) => void
}

function createArrivals({ startAt, callsPerHour, weightOf }: OfficeOptions, random: Random): Arrivals {
  const after = (at: number) => at + Math.max(1, Math.round(random.wait(3_600_000 / callsPerHour(at))))
  let nextAt = after(startAt)
  return {
    nextAt: () => nextAt,
    take() {
      nextAt = after(nextAt)
      return drawScenario(random, weightOf)
    },
    rest(until) {
      nextAt = Math.max(nextAt, after(until))
    },
  }
}
