// What goes wrong: each fault does its harm, lasts a while and takes it back; what comes after is the program's business.
//
// A fault that makes the program blind notes when, and one that ends the PBX's calls notes whom it cut off.

import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { WebSocket } from 'ws'
import type { Pbx } from '../../src/pbx-sim/pbx.ts'
import type { Random } from '../../src/pbx-sim/random.ts'
import { eventually, scrape, sumOf } from '../program/program.ts'
import { HUGE_FRAME, hostileFrame } from './hostileFrames.ts'
import type { Load } from './load.ts'
import type { Ratchet } from './ratchet.ts'
import type { Subject } from './subject.ts'

/** What a fault can lay hands on, and where it leaves its notes. */
export interface Stage {
  readonly pbx: Pbx
  readonly subject: Subject
  readonly load: Load
  readonly ratchet: Ratchet
  readonly random: Random
  readonly db: string
  readonly app: string
  readonly login: { readonly user: string; readonly password: string }
  /** Instants after which no event could reach the program until it connected anew. */
  readonly blinded: number[]
  /** Channels that lived when the PBX went down, and had done so for a while. */
  readonly cutOff: CutOff[]
}

export interface CutOff {
  readonly at: number
  readonly id: string
  readonly name: string
  /** It was calling the PBX: a call of its own. */
  readonly calling: boolean
}

export type FaultKind = keyof typeof FAULTS

type Fault = (stage: Stage) => Promise<void>

/** How long a channel has lived at least that a restart cuts off, for it to count as seen. */
const SETTLED_MS = 120

export const FAULTS = {
  async 'socket dropped'(stage: Stage) {
    await goBlind(stage)
    stage.pbx.dropSockets()
  },
  async 'PBX stalled'({ pbx, load, random }: Stage) {
    load.pause()
    pbx.stall()
    await sleep(random.whole(1_000, 4_000))
    pbx.resume()
    load.goOn()
  },
  async 'half-open'(stage: Stage) {
    const { pbx, load, subject } = stage
    await goBlind(stage)
    load.pause()
    pbx.stall()
    await eventually(subject.isReady, (ready) => !ready, 20_000)
    pbx.resume()
    load.goOn()
  },
  async 'connection refused'(stage: Stage) {
    await goBlind(stage)
    await stage.pbx.refuse()
    await sleep(stage.random.whole(500, 3_000))
    await stage.pbx.accept()
  },
  'PBX restarted': (stage: Stage) => takeDown(stage, stage.pbx.restart),
  'PBX killed': (stage: Stage) => takeDown(stage, stage.pbx.kill),
  async 'application lost'(stage: Stage) {
    await goBlind(stage)
    stage.pbx.loseApplication(stage.app)
    await eventually(stage.subject.isReady, (ready) => !ready, 40_000)
  },
  async 'name taken over'(stage: Stage) {
    const { pbx, app, login, random } = stage
    const url = `${pbx.url.replace('http', 'ws')}/ari/events?app=${app}&api_key=${login.user}:${login.password}`
    await goBlind(stage)
    const other = new WebSocket(url)
    other.on('error', () => undefined)
    await sleep(random.whole(300, 2_000))
    other.terminate()
  },
  async SIGKILL({ subject, ratchet }: Stage) {
    await subject.end('SIGKILL')
    ratchet.restarted(subject.lives.at(-1)?.end ?? null)
    subject.start()
  },
  async SIGTERM({ subject, ratchet }: Stage) {
    await subject.end('SIGTERM')
    ratchet.restarted(subject.lives.at(-1)?.end ?? null)
    subject.start()
  },
  async SIGSTOP({ subject, random }: Stage) {
    subject.signal('SIGSTOP')
    await sleep(random.whole(500, 4_000))
    subject.signal('SIGCONT')
    await sleep(500)
  },
  async 'database locked'({ db, random, subject }: Stage) {
    const other = new Database(db)
    other.exec('BEGIN IMMEDIATE')
    await sleep(random.whole(1_000, 4_000))
    other.exec('COMMIT')
    other.close()
    await eventually(
      () => scrape(subject.port),
      (samples) => sumOf(samples, 'asterisk_exporter_calllog_pending') < 5,
      20_000,
    )
    await sleep(200)
  },
  async 'hostile frames'({ pbx, random }: Stage) {
    pbx.sendRaw(HUGE_FRAME)
    for (let sent = 0; sent < 200; sent += 1) {
      await sleep(2)
      pbx.sendRaw(hostileFrame(random))
    }
    // What still waits in the PBX's buffer when the next fault cuts the socket never reaches anybody.
    await sleep(500)
  },
} satisfies Readonly<Record<string, Fault>>

export const FAULT_KINDS = Object.keys(FAULTS).filter((kind): kind is FaultKind => Object.hasOwn(FAULTS, kind))

async function goBlind({ pbx, blinded }: Stage): Promise<void> {
  blinded.push(await allSent(pbx))
}

/** The instant up to which everything has left for the program. */
async function allSent(pbx: Pbx): Promise<number> {
  const at = Date.now()
  pbx.liveChannels()
  // What is sent in one turn of the loop leaves at its end.
  await immediate()
  await immediate()
  return at
}

async function takeDown(stage: Stage, goDown: (downMs: number) => Promise<void>): Promise<void> {
  const { pbx, load, random } = stage
  load.pause()
  const before = new Set(pbx.liveChannels().map(({ id }) => id))
  await sleep(SETTLED_MS)
  const at = await allSent(pbx)
  for (const { id, name, state } of pbx.liveChannels())
    if (before.has(id)) stage.cutOff.push({ at, id, name, calling: state === 'Ring' && name.startsWith('PJSIP/') })
  stage.blinded.push(at)
  // Channel ids begin anew with the second of the start: a shorter time would give one out twice.
  await goDown(random.whole(1_100, 2_500))
  load.goOn()
}
