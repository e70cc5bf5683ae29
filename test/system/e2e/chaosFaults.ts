// Faults of a real Asterisk, of the connection to it and of the disk, beside those of the program itself.
//
// A fault that disconnects the program notes when, and one that ends Asterisk notes that too.

import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenFor } from '../chaos/otherListener.ts'
import { OWN_FAULTS, type OwnStage, untilRead, untilWritten } from '../chaos/ownFaults.ts'
import { eventually } from '../program/program.ts'
import { cli, killAsterisk, launchAsterisk, restartAsterisk, stopAsterisk } from './lab/asterisk.ts'
import { ACCESS, ARI_URL } from './lab/place.ts'
import type { Relay } from './tcpRelay.ts'

/** What a fault can change, and where it leaves its notes. */
export interface PbxStage extends OwnStage {
  readonly relay: Relay
  readonly app: string
  /** Instants after which no event could reach the program until it connected anew. */
  readonly disconnectedAt: number[]
  /** When Asterisk was stopped or killed, and which of the two. */
  readonly falls: Fall[]
}

export interface Fall {
  readonly at: number
  readonly killed: boolean
}

export type PbxFaultKind = keyof typeof PBX_FAULTS

/** What was held back needs a moment to get through; a fault that came sooner would swallow it. */
const AFTERWARDS_MS = 1_000
/** A fifth of what these calls need. */
const TRICKLE = 80_000
const RELOADS = ['module reload res_ari.so', 'module reload http', 'core reload']

export const PBX_FAULTS = {
  ...OWN_FAULTS,
  async 'socket cut'({ relay, disconnectedAt }: PbxStage) {
    disconnectedAt.push(Date.now())
    relay.cut()
  },
  async 'socket frozen'({ relay, random }: PbxStage) {
    relay.hold()
    await sleep(random.whole(1_000, 4_000))
    relay.flow()
    await sleep(AFTERWARDS_MS)
  },
  async 'socket slow'({ relay, random }: PbxStage) {
    relay.trickle(TRICKLE)
    await sleep(random.whole(2_000, 4_000))
    relay.flow()
    await sleep(AFTERWARDS_MS)
  },
  async 'half-open'({ relay, disconnectedAt, subject }: PbxStage) {
    disconnectedAt.push(Date.now())
    relay.hush()
    await eventually(subject.isReady, (ready) => !ready, 20_000)
  },
  async 'Asterisk killed'(stage: PbxStage) {
    noteFall(stage, true)
    await killAsterisk()
    await comeBack(stage)
  },
  async 'Asterisk restarted'(stage: PbxStage) {
    noteFall(stage, false)
    if (stage.random.chance(0.5)) {
      return restartAsterisk()
    }
    await stopAsterisk()
    await comeBack(stage)
  },
  async 'ARI reloaded'({ random }: PbxStage) {
    await cli(random.pick(RELOADS))
  },
  async 'name taken over'({ app, disconnectedAt, random }: PbxStage) {
    disconnectedAt.push(Date.now())
    await listenFor(random.whole(300, 2_000), { url: ARI_URL, app, user: ACCESS.user, password: ACCESS.password })
  },
  async 'disk full'({ db, subject, random }: PbxStage) {
    await untilRead(subject)
    const ballast = join(dirname(db), 'ballast')
    fill(ballast)
    await sleep(random.whole(1_000, 4_000))
    rmSync(ballast)
    await untilWritten(subject)
  },
} satisfies Readonly<Record<string, (stage: PbxStage) => Promise<void>>>

export const PBX_FAULT_KINDS = Object.keys(PBX_FAULTS).filter((kind): kind is PbxFaultKind =>
  Object.hasOwn(PBX_FAULTS, kind),
)

function noteFall({ disconnectedAt, falls }: PbxStage, killed: boolean): void {
  const at = Date.now()
  disconnectedAt.push(at)
  falls.push({ at, killed })
}

async function comeBack({ random }: PbxStage): Promise<void> {
  await sleep(random.whole(300, 3_000))
  await launchAsterisk()
}

function fill(path: string): void {
  const chunk = Buffer.alloc(65_536)
  for (;;) {
    try {
      writeFileSync(path, chunk, { flag: 'a' })
    } catch {
      return
    }
  }
}
