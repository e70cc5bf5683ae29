// What Asterisk sends, as text: the recorded load and calls of the simulated PBX, made beforehand so that making costs nothing later.
//
// Only the types that our subscription lets through, for every listener alike. A recording that is played again gets new ids and
// times, or it would be calls that are known already.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { USED_FRAME_TYPES } from '../../src/ari/decode.ts'
import type { ExpectedCall } from '../../src/pbx-sim/asterisk/call.ts'
import type { Traffic } from '../../src/pbx-sim/asterisk/world.ts'
import { createEventQueue } from '../../src/pbx-sim/clock/eventQueue.ts'
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName, type WeightOf } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { createSimulator, type SimulatorOptions } from '../../src/pbx-sim/simulator.ts'
import { MISSED_BY_DAY } from '../system/noc/officeWeek.ts'

const APPLICATION = 'asterisk-ari-exporter'
const TRACE = new URL('../traces/load-50cps-30s.ndjson.gz', import.meta.url)
const TRACE_CALLS = 1_500
/** Long ago enough that whatever is made is over by now; each load has a stretch of its own, and with it ids of its own. */
const AGO_MS = 10_800_000
const STRETCH_MS = 900_000
const SPEED = 12
const LONGEST_CALL_MS = 3_600_000

/** Frames in order, and how many calls end in them. */
export interface Load {
  readonly frames: readonly string[]
  readonly calls: number
}

/** The recorded load (1,500 calls, 75 frames each), `times` over, each time as other calls. */
export function recordedLoad(times: number, from = 0): Load {
  const used = new Set(USED_FRAME_TYPES)
  const lines = gunzipSync(readFileSync(TRACE)).toString().split('\n')
  const raw = lines.filter((line) => line !== '').map((line) => line.slice(line.indexOf('"raw":') + 6, -1))
  const kept = raw.filter((text) => used.has(/"type":\s*"(\w+)"/.exec(text)?.[1] ?? ''))
  const frames = Array.from({ length: times }, (_, time) => kept.map((text) => asOther(text, from + time))).flat()
  return { frames, calls: TRACE_CALLS * times }
}

// The ids of channels begin with seconds: those of another day are other channels.
function asOther(text: string, time: number): string {
  return text.replace(/\b(1\d{9})\.(\d+)\b/g, (_all, seconds: string, serial: string) => {
    return `${Number(seconds) + (time + 1) * 86_400}.${serial}`
  })
}

/**
 * So many calls of the simulated mix, from the first to the end of the last: about 60 frames a call in real traffic, 25 in lean.
 * Another `seed` (1 to 9) gives other calls, later ones.
 */
export function mixedLoad(traffic: Traffic, calls: number, seed: number): Load {
  return loadOf({ ...QUIET, traffic, seed }, calls)
}

/** The same, and besides them the calls of those who were missed, and back to them. */
export function callBackLoad(traffic: Traffic, calls: number, seed: number): Load {
  return loadOf({ ...QUIET, traffic, seed, callBacks: true }, calls)
}

/**
 * The same in an office as that of the simulated weeks of the alerts, which misses every eighth call from outside; the mix has every kind
 * of missed call, and misses 28 of 100.
 */
export function officeLoad(traffic: Traffic, calls: number, seed: number): Load {
  const weightOf = weightsOf(MISSED_BY_DAY)
  return loadOf({ ...QUIET, traffic, seed, callBacks: true, weightOf }, calls)
}

/** The shares of the mix, in which calls from outside are missed seldom enough for that share of them. */
function weightsOf(missedShare: number): WeightOf {
  const inbound = inboundScenarios()
  const sumOf = (names: readonly ScenarioName[]) => names.reduce((sum, name) => sum + SCENARIOS[name].weight, 0)
  const [missed, other] = [sumOf(inbound.missed), sumOf(inbound.other)]
  const part = (missedShare * other) / ((1 - missedShare) * missed)
  return (name) => SCENARIOS[name].weight * (inbound.missed.includes(name) ? part : 1)
}

/** The scenarios with a call from outside, by whether one is missed; found by playing each of them. */
function inboundScenarios() {
  const found: Record<'missed' | 'other', ScenarioName[]> = { missed: [], other: [] }
  for (const name of SCENARIO_NAMES) {
    const stage = setStage(QUIET)
    stage.simulator.place(name)
    stage.play(LONGEST_CALL_MS)
    const inbound = stage.truths.filter(({ direction }) => direction === 'inbound')
    if (inbound.length > 0) {
      found[inbound.some(({ missed }) => missed) ? 'missed' : 'other'].push(name)
    }
  }
  return found
}

function loadOf(quiet: SimulatorOptions, calls: number): Load {
  // The mix starts calls until it is limited to none.
  const options = { ...quiet, callsPerSecond: 1_000, maxConcurrent: Number.POSITIVE_INFINITY }
  const stage = setStage(options)
  stage.simulator.startArrivals()
  while (stage.simulator.totals().scenarios.started < calls) {
    stage.play(10)
  }
  options.maxConcurrent = 0
  while (stage.simulator.totals().scenarios.live > 0) {
    stage.play(1_000)
  }
  return { frames: stage.frames, calls: stage.ended() }
}

const TALKING: readonly ScenarioName[] = ['answered-caller-hangs-up', 'inbound', 'outbound']

/** So many calls that are answered and never end: between phones, and in and out through trunks. */
export function endlessCalls(calls: number, seed: number): Load {
  const stage = setStage({ ...QUIET, seed })
  for (let made = 0; made < calls; made += 1) {
    stage.simulator.place(TALKING[made % TALKING.length] ?? 'inbound', { ringMs: 500, talkMs: 1e12 })
    stage.play(1)
  }
  stage.play(2_000)
  return { frames: stage.frames, calls: 0 }
}

const QUIET: SimulatorOptions = {
  seed: 1,
  speed: SPEED,
  callsPerSecond: 0,
  maxConcurrent: Number.POSITIVE_INFINITY,
  traffic: 'real',
  zoneOffsetMinutes: 0,
}

function setStage(options: SimulatorOptions) {
  const used = new Set(USED_FRAME_TYPES)
  const eventQueue = createEventQueue(Date.now() - AGO_MS + options.seed * STRETCH_MS)
  const frames: string[] = []
  const truths: ExpectedCall[] = []
  const simulator = createSimulator(options, {
    eventQueue,
    publish: (frame) => {
      if (used.has(frame.type)) {
        frames.push(frame.render(APPLICATION))
      }
    },
    hasApplication: () => false,
    inApplication: () => undefined,
    callEnded: (truth) => truths.push(truth),
  })
  return {
    simulator,
    frames,
    truths,
    ended: () => truths.length,
    play: (ms: number) => eventQueue.runUntil(eventQueue.now() + ms),
  }
}
