// The chaos trial: the program under load while its socket, the PBX, its own process and its disk fail at random.
//
// The PBX is simulated, in this process; the program is the real one, in its own. All chance comes from the seed, though
// two processes on one machine never run quite alike. At the end the log is held against what truly happened.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPbx } from '../../src/pbx-sim/pbx.ts'
import { createRandom, type Random } from '../../src/pbx-sim/random.ts'
import { eventually, freshFolder, scrape, sumOf } from '../program/program.ts'
import { readCallLog } from './callLogRows.ts'
import { FAULTS, type FaultKind, type Stage } from './faults.ts'
import { startLoad } from './load.ts'
import { createRatchet, type Ratchet } from './ratchet.ts'
import { type Sight, sightOf } from './sight.ts'
import { createSubject, type Subject } from './subject.ts'
import { judge, type Verdict } from './verdict.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly callsPerSecond: number
  readonly longestTalkMs: number
  /** What goes wrong, in order. */
  readonly faults: readonly FaultKind[]
  /** So many calls at least, however soon the faults are through. */
  readonly calls: number
  /** The longest rest between two faults; ms. */
  readonly longestRestMs: number
  readonly say: (line: string) => void
}

export interface Outcome extends Verdict {
  readonly faults: Readonly<Record<string, number>>
  /** Calls under way that restarts of the PBX cut off. */
  readonly cut: number
  /** Of all lives together, starting and stopping included. */
  readonly aliveSeconds: number
  readonly inSightSeconds: number
  readonly blindSeconds: number
  /** `asterisk_calls_active` when every channel was gone. */
  readonly active: number
  readonly openLegs: number
  /** Laws of the numbers that did not hold, at any scrape; and that the PBX found us too slow. */
  readonly broken: readonly string[]
  readonly fallen: readonly string[]
  /** Where it can be looked at. */
  readonly db: string
  readonly output: string
}

const APP = 'callcenter-app'
const LOGIN = { user: 'chaos', password: 'chaos-pass-word' }
const READY_WITHIN_MS = 90_000

/** Runs one trial to its end. Rejects only when the program does not come back. */
export async function runChaos(options: ChaosOptions): Promise<Outcome> {
  const { seed, say } = options
  const random = createRandom(seed)
  const complaints: string[] = []
  const pbx = await startPbx({ ...LOGIN, seed, noise: false, speed: 20 }, { log: (line) => complaints.push(line) })
  const db = join(freshFolder(), 'calls.db')
  const subject = await createSubject({
    ARI_URL: pbx.url,
    ARI_USER: LOGIN.user,
    ARI_PASSWORD: LOGIN.password,
    ARI_APP: APP,
    DB_PATH: db,
  })
  subject.start()
  await ready(subject)
  const load = startLoad({ ...options, random: random.fork(1) }, pbx)
  const ratchet = createRatchet()
  const watch = watchNumbers(subject, ratchet)
  const stage: Stage = {
    ...{ pbx, subject, load, ratchet, db, random: random.fork(2), app: APP, login: LOGIN },
    ...{ blinded: [], cutOff: [] },
  }
  try {
    await harm(stage, options)
    while (load.count.begun < options.calls) await sleep(100)
    await load.drain()
    await ready(subject)
    const active = await activeAtLast(subject)
    await watch.stop()
    await subject.end('SIGTERM')
    const sights = sightOf(subject.lives, stage.blinded)
    const { rows, legs, openLegs } = readCallLog(db)
    const verdict = judge({ played: load.played, cutOff: stage.cutOff, sights, rows, legs })
    const ended = rows.filter((row) => row.endedAt !== null).length
    if (ended !== watch.ended()) watch.broken.push(`${ended} ended rows, ${watch.ended()} calls on /metrics`)
    return {
      ...verdict,
      ...{ faults: countOf(options.faults), cut: load.count.cut, active, openLegs, db },
      ...{
        aliveSeconds: aliveSecondsOf(subject),
        inSightSeconds: secondsOf(sights),
        blindSeconds: watch.blindSeconds(),
      },
      ...{ broken: [...complaints, ...watch.broken], fallen: ratchet.fallen },
      output: subject.lives.map((life) => life.output()).join(''),
    }
  } finally {
    await watch.stop()
    await subject.end('SIGKILL')
    await pbx.stop()
    say(`seed ${seed}: over`)
  }
}

async function harm(stage: Stage, { faults, longestRestMs, say }: ChaosOptions): Promise<void> {
  const { subject, random } = stage
  for (const [index, kind] of faults.entries()) {
    await sleep(random.whole(200, longestRestMs))
    say(`${index + 1}/${faults.length} ${kind}`)
    await FAULTS[kind](stage)
    // Now and then the next blow falls before it has recovered.
    if (!strikesAgain(random)) await ready(subject)
  }
  await ready(subject)
}

function strikesAgain(random: Random): boolean {
  return random.chance(0.15)
}

async function ready(subject: Subject): Promise<void> {
  await eventually(subject.isReady, Boolean, READY_WITHIN_MS).catch(() => {
    throw new Error(`the program did not come back: ${subject.lives.at(-1)?.output().slice(-3_000)}`)
  })
}

/** Nothing lives any more: what is still counted as active after a while is leaked. */
async function activeAtLast({ port }: Subject): Promise<number> {
  const left = (samples: ReadonlyMap<string, number>): number =>
    sumOf(samples, 'asterisk_calls_active') + sumOf(samples, 'asterisk_exporter_calllog_pending')
  const samples = await eventually(
    () => scrape(port),
    (seen) => seen.size > 0 && left(seen) === 0,
    3_000,
  ).catch(() => scrape(port))
  return sumOf(samples, 'asterisk_calls_active')
}

interface Watch {
  readonly broken: string[]
  /** Calls that ended, and blind seconds of all lives, as last served. */
  ended(): number
  blindSeconds(): number
  stop(): Promise<void>
}

function watchNumbers({ port, lives }: Subject, ratchet: Ratchet): Watch {
  const broken: string[] = []
  const blind = new Map<number, number>()
  let ended = 0
  let stopped = false

  async function look(): Promise<void> {
    const life = lives.length
    const samples = await scrape(port)
    // An answer that came while the program was changed for another one belongs to neither.
    if (samples.size === 0 || lives.length !== life || lives.at(-1)?.end !== null) return
    ratchet.take(samples, Date.now())
    ended = sumOf(samples, 'asterisk_calls_total')
    blind.set(life, sumOf(samples, 'asterisk_exporter_blind_seconds_total'))
    broken.push(...brokenLaws(samples))
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      await look()
      await sleep(250)
    }
    await look()
  }
  const over = watch()
  return {
    broken,
    ended: () => ended,
    blindSeconds: () => [...blind.values()].reduce((sum, seconds) => sum + seconds, 0),
    stop() {
      stopped = true
      return over
    },
  }
}

function brokenLaws(samples: ReadonlyMap<string, number>): readonly string[] {
  const sum = (name: string): number => sumOf(samples, name)
  const ended = sum('asterisk_calls_total')
  const logged = sum('asterisk_exporter_calllog_rows') + sum('asterisk_exporter_calllog_pending')
  const started = sum('asterisk_calls_started_total')
  const active = sum('asterisk_calls_active')
  return [
    ...(ended === logged ? [] : [`${ended} ended, but ${logged} rows and pending`]),
    ...(started === ended + active ? [] : [`${started} started, but ${ended} ended and ${active} active`]),
  ]
}

function countOf(kinds: readonly FaultKind[]): Readonly<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const kind of kinds) count[kind] = (count[kind] ?? 0) + 1
  return count
}

function aliveSecondsOf({ lives }: Subject): number {
  return Math.round(lives.reduce((sum, { startedAt, end }) => sum + (end?.at ?? startedAt) - startedAt, 0) / 1000)
}

function secondsOf(sights: readonly Sight[]): number {
  return Math.round(sights.reduce((sum, sight) => sum + sight.to - sight.from, 0) / 1000)
}
