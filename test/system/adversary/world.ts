// A world for attacks: a simulated PBX with calls, and the program that listens to it and is started anew as by a supervisor.
//
// The observed interval is noted here, from outside: from ready to the moment before the program is ended. A session that
// is lost in between does not end the interval, so the calls that it costs count as lost.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Pbx, type PbxOptions, startPbx } from '../../../src/pbx-sim/pbx.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { makeCalls, writeKnown } from '../../unit/calllog/manyCalls.ts'
import { readCallLog } from '../chaos/callLogRows.ts'
import { judge, type Verdict } from '../chaos/compareWithTruth.ts'
import { untilReady } from '../chaos/faultSchedule.ts'
import { allSent } from '../chaos/faults.ts'
import { type Load, startLoad } from '../chaos/load.ts'
import { activeAtLast, type Watch, watchNumbers } from '../chaos/metricChecks.ts'
import { createCounterCheck } from '../chaos/monotonicCounters.ts'
import { type ObservedInterval, provenInterval } from '../chaos/observedIntervals.ts'
import { createSubject, type Subject } from '../chaos/programUnderTest.ts'
import { freshFolder, type Launch } from '../program/program.ts'
import type { Target } from './watching.ts'

export interface WorldOptions extends Launch {
  readonly callsPerSecond: number
  readonly environment?: Readonly<Record<string, string>>
  readonly pbx?: Partial<PbxOptions>
  /** Calls that are in the log beforehand. */
  readonly known?: number
  /** Calls that live when the program starts, for longer than anybody looks. */
  readonly live?: number
}

export interface World {
  readonly options: WorldOptions
  readonly pbx: Pbx
  readonly load: Load
  readonly subject: Subject
  readonly db: string
  readonly target: Target
  /** What the PBX complained of: a listener that is too slow, more connections than it has. */
  readonly complaints: readonly string[]
  /** Starts the program; resolves when it is in sync. */
  start(): Promise<void>
  /** Ends it, by force when it is not gone in time. Resolves with its exit code, or the signal that ended it. */
  end(): Promise<number | string>
  /** From now on nothing of the PBX reaches the program, until `sees` is called. */
  pauseObservation(): void
  startObservation(): void
  /** Ends the calls, then the program, and holds its log against the truth. */
  judge(): Promise<Judged>
  /** What is left of it is killed. */
  close(): Promise<void>
}

export interface Judged extends Verdict {
  /** Ends of the session with the PBX, failed attempts to open one too. */
  readonly disconnects: number
  /** Laws of the numbers that did not hold at any scrape, and counters that fell. */
  readonly broken: readonly string[]
}

/** Whom attacks are made on, and how another world is made for those that need one. */
export interface Stage {
  readonly world: World
  open(options: WorldOptions): Promise<World>
}

/** Whom the simulated PBX lets in. */
export const LOGIN = { user: 'adversary', password: 'adversary-pass-word' }
/** What the simulated dialplan calls the application that it sends callers into. */
const APP = 'callcenter-app'
const PROBE = new URL('../../bench/probe.js', import.meta.url).href
const LONGEST_TALK_MS = 3_000
const SPEED = 20
/** Of its stops, which take `STOP_TIMEOUT` at most. */
const STOP_TIMEOUT = 4
const ENDS_WITHIN_MS = 15_000
const ANSWERS_WITHIN_MS = 10_000
const FOR_EVER_MS = 3_600_000

/** How the same program runs on its own. */
export function launchOf({ main }: WorldOptions): Launch {
  return main === undefined ? {} : { main }
}

/** A world without a program yet. Rejects when there is no such program. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { main, callsPerSecond, environment, known = 0, live = 0 } = options
  if (main !== undefined && !existsSync(main)) {
    throw new Error(`${main} is missing: npm run build`)
  }
  const complaints: string[] = []
  const pbx = await startPbx(
    { ...LOGIN, traffic: 'lean', speed: SPEED, ...options.pbx },
    { log: (line) => complaints.push(line) },
  )
  const db = join(freshFolder(), 'calls.db')
  if (known > 0) {
    writeKnown(db, makeCalls(known))
  }
  const subject = await createSubject(
    {
      ...{ ARI_URL: pbx.url, ARI_USER: LOGIN.user, ARI_PASSWORD: LOGIN.password, ARI_APP: APP },
      ...{ DB_PATH: db, STOP_TIMEOUT: String(STOP_TIMEOUT), LOG_LEVEL: 'info', ...environment },
    },
    { ...options, node: ['--import', PROBE, ...(options.node ?? [])] },
  )
  for (let placed = 0; placed < live; placed += 1) {
    pbx.place('inbound-leaves-ivr', { patienceMs: FOR_EVER_MS })
  }
  const load = startLoad({ callsPerSecond, longestTalkMs: LONGEST_TALK_MS, random: createRandom(1) }, pbx)
  return new RunningWorld(options, { pbx, load, subject, db, complaints })
}

type Parts = Pick<World, 'pbx' | 'load' | 'subject' | 'db' | 'complaints'>

class RunningWorld implements World {
  readonly options
  readonly pbx
  readonly load
  readonly subject
  readonly db
  readonly complaints
  readonly target: Target
  readonly #observed: ObservedInterval[] = []
  readonly #counterCheck = createCounterCheck()
  #watch: Watch | null = null
  #isUp = false
  /** Of runs that are over. */
  #loopStopMs = 0
  readonly #kill = (): void => this.subject.signal('SIGKILL')

  constructor(options: WorldOptions, { pbx, load, subject, db, complaints }: Parts) {
    this.options = options
    this.pbx = pbx
    this.load = load
    this.subject = subject
    this.db = db
    this.complaints = complaints
    this.target = {
      host: '127.0.0.1',
      port: subject.port,
      pid: () => (this.#isUp ? (subject.program()?.child.pid ?? null) : null),
      loopStopMs: () => this.#takeLoopStop(),
    }
    // Also when the test process is ended.
    process.on('exit', this.#kill)
  }

  async start(): Promise<void> {
    this.subject.start()
    await untilReady(this.subject)
    this.#isUp = true
    this.#watch ??= watchNumbers(this.subject, this.#counterCheck, () => allSent(this.pbx))
    await this.#askLoop()
    this.startObservation()
  }

  async end(): Promise<number | string> {
    this.#loopStopMs = Math.max(this.#loopStopMs, this.#isUp ? await this.#askLoop() : 0)
    this.pauseObservation()
    this.#isUp = false
    const force = setTimeout(() => this.subject.signal('SIGKILL'), ENDS_WITHIN_MS)
    await this.subject.end('SIGTERM')
    clearTimeout(force)
    this.#counterCheck.restarted(this.subject.runs.at(-1)?.end ?? null)
    return (await this.subject.program()?.ended) ?? 'never begun'
  }

  startObservation(): void {
    const never = Number.POSITIVE_INFINITY
    this.#observed.push({ from: Date.now(), certainTo: never, to: never })
  }

  pauseObservation(): void {
    const [interval] = this.#observed.splice(-1)
    if (interval === undefined) {
      return
    }
    const to = Math.min(interval.to, Date.now())
    this.#observed.push(provenInterval({ from: interval.from, to }, this.#watch?.proofs ?? []))
  }

  async judge(): Promise<Judged> {
    await this.load.drain()
    await activeAtLast(this.subject)
    await this.#watch?.stop()
    await this.end()
    const { rows, legs } = readCallLog(this.db)
    return {
      ...judge({ played: this.load.played, cutOff: [], observed: this.#observed, rows, legs }),
      disconnects: this.#watch?.disconnects() ?? 0,
      broken: [...(this.#watch?.broken ?? []), ...this.#counterCheck.fallen],
    }
  }

  async close(): Promise<void> {
    this.load.pause()
    this.#kill()
    process.off('exit', this.#kill)
    await this.#watch?.stop()
    await this.pbx.stop()
  }

  async #takeLoopStop(): Promise<number> {
    const most = Math.max(this.#loopStopMs, this.#isUp ? await this.#askLoop() : 0)
    this.#loopStopMs = 0
    return most
  }

  /** A loop that does not answer has been blocked for at least as long as was waited. */
  async #askLoop(): Promise<number> {
    const child = this.subject.program()?.child
    if (child?.connected !== true) {
      return 0
    }
    const answer = new Promise<number>((resolve) => {
      child.once('message', (message: { readonly loopMaxMs?: number }) => resolve(Math.round(message.loopMaxMs ?? 0)))
      child.send({ probe: 1 }, () => undefined)
    })
    return Promise.race([answer, sleep(ANSWERS_WITHIN_MS, ANSWERS_WITHIN_MS, { ref: false })])
  }
}
