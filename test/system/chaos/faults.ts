// Faults of the simulated PBX and of the connection to it, beside those of the program itself.
//
// A fault that disconnects the program notes when, and one that ends the PBX's calls notes which channels it cut off.

import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import type { Pbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually } from '../program/program.ts'
import { HUGE_FRAME, hostileFrame } from './hostileFrames.ts'
import type { Load } from './load.ts'
import { listenFor } from './otherListener.ts'
import { OWN_FAULTS, type OwnStage, untilRead } from './ownFaults.ts'

/** What a fault can change, and where it leaves its notes. */
export interface Stage extends OwnStage {
  readonly pbx: Pbx
  readonly load: Load
  readonly app: string
  readonly login: { readonly user: string; readonly password: string }
  /** Instants after which no event could reach the program until it connected anew. */
  readonly disconnectedAt: number[]
  /** Channels that were live when the PBX went down, and had been for a while. */
  readonly cutOff: CutOff[]
}

export interface CutOff {
  readonly at: number
  /** It existed by then, and the program had read the event of it if it was connected. */
  readonly since: number
  readonly id: string
  readonly name: string
  /** It was calling the PBX: a call of its own. */
  readonly calling: boolean
}

export type FaultKind = keyof typeof FAULTS

type Fault = (stage: Stage) => Promise<void>

export const FAULTS = {
  ...OWN_FAULTS,
  async 'socket dropped'(stage: Stage) {
    await noteDisconnect(stage)
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
    await noteDisconnect(stage)
    load.pause()
    pbx.stall()
    await eventually(subject.isReady, (ready) => !ready)
    pbx.resume()
    load.goOn()
  },
  async 'connection refused'(stage: Stage) {
    await noteDisconnect(stage)
    await stage.pbx.refuse()
    await sleep(stage.random.whole(500, 3_000))
    await stage.pbx.accept()
  },
  'PBX restarted': (stage: Stage) => takeDown(stage, stage.pbx.restart),
  'PBX killed': (stage: Stage) => takeDown(stage, stage.pbx.kill),
  async 'application lost'(stage: Stage) {
    await noteDisconnect(stage)
    stage.pbx.dropRegistration(stage.app)
    await eventually(stage.subject.isReady, (ready) => !ready)
  },
  async 'name taken over'(stage: Stage) {
    const { pbx, app, login, random } = stage
    await noteDisconnect(stage)
    await listenFor(random.whole(300, 2_000), { url: pbx.url, app, ...login })
  },
  async 'hostile frames'({ pbx, random, subject }: Stage) {
    pbx.sendRaw(HUGE_FRAME)
    for (let sent = 0; sent < 200; sent += 1) {
      await sleep(2)
      pbx.sendRaw(hostileFrame(random))
    }
    // What still waits in the PBX's buffer when the next fault cuts the socket never reaches the program.
    await untilRead(subject)
  },
} satisfies Readonly<Record<string, Fault>>

export const FAULT_KINDS = Object.keys(FAULTS).filter((kind): kind is FaultKind => Object.hasOwn(FAULTS, kind))

async function noteDisconnect({ pbx, disconnectedAt }: Stage): Promise<void> {
  disconnectedAt.push(await allSent(pbx))
}

/** The instant up to which everything has left for the program. */
export async function allSent(pbx: Pbx): Promise<number> {
  const at = Date.now()
  pbx.liveChannels()
  // What is sent in one turn of the loop leaves at its end.
  await immediate()
  await immediate()
  return at
}

async function takeDown(stage: Stage, goDown: (downMs: number) => Promise<void>): Promise<void> {
  const { pbx, load, random, subject } = stage
  load.pause()
  const before = new Set(pbx.liveChannels().map(({ id }) => id))
  const since = await allSent(pbx)
  await untilRead(subject)
  const at = await allSent(pbx)
  for (const { id, name, state } of pbx.liveChannels()) {
    if (before.has(id)) {
      stage.cutOff.push({ at, since, id, name, calling: state === 'Ring' && name.startsWith('PJSIP/') })
    }
  }
  stage.disconnectedAt.push(at)
  // Channel ids begin anew with the second of the start: a shorter time would give one out twice.
  await goDown(random.whole(1_100, 2_500))
  load.goOn()
}
