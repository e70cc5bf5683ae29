// The chaos trial on a real Asterisk: under load its socket, Asterisk, the program and its disk fail at random, by a seed.
//
// At the end the log is compared with Asterisk's own records. The program runs from its sources, so that it can
// be started again in the middle whatever is being built.
//   npm run e2e -- chaos                        a few faults
//   CHAOS_FAULTS=12 npm run e2e -- chaos        so many, of every kind; CHAOS_SEED: other calls and another order

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { countOf, drawFaults, runCourse, untilReady } from '../chaos/faultSchedule.ts'
import { activeAtLast, type Watch, watchNumbers } from '../chaos/metricChecks.ts'
import { createCounterCheck } from '../chaos/monotonicCounters.ts'
import { observedIntervals, secondsOf } from '../chaos/observedIntervals.ts'
import { createSubject, runningSecondsOf, type Subject } from '../chaos/programUnderTest.ts'
import { freshFolder, get } from '../program/program.ts'
import { CallLogRows, type CallRow } from './callLogRows.ts'
import { recordedCalls } from './cdr.ts'
import { Cel } from './cel.ts'
import { PBX_FAULT_KINDS, PBX_FAULTS, type PbxFaultKind, type PbxStage } from './chaosFaults.ts'
import { judgeCalls, totalsOf } from './chaosVerdict.ts'
import { compareTotals } from './compare.ts'
import { samplesOf } from './exposition.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { brokenRows } from './laws.ts'
import { startRush } from './steadyLoad.ts'
import { type Relay, relayTo } from './tcpRelay.ts'

const { CHAOS_FAULTS = '', CHAOS_SEED = '7' } = process.env
const SEED = Number(CHAOS_SEED)
const APP = 'chaos-trial'
const PER_SECOND = 12
/** Longer than what is held back, so that calls are compared. A session that did not live for ten seconds makes the program wait longer for the next one. */
const LONGEST_REST_MS = CHAOS_FAULTS === '' ? 7_000 : 9_000
/** One of each that is over soon. */
const SHORT: readonly PbxFaultKind[] = [
  'socket cut',
  'Asterisk killed',
  'SIGKILL',
  'ARI reloaded',
  'database deleted',
  'socket frozen',
  'SIGTERM',
  'disk full',
  'name taken over',
]
const KINDS = CHAOS_FAULTS === '' ? SHORT : drawFaults(PBX_FAULT_KINDS, SEED, Number(CHAOS_FAULTS))
const DISK_MB = 8
/** Longer than Asterisk needs to send an event after it has happened, also on a machine with other work. */
const HELD_BACK_MS = 2_000

let relay: Relay
let phones: Phones
let subject: Subject
let watch: Watch
let disk: string
let hasOwnDisk = false

beforeAll(async () => {
  await startAsterisk()
  relay = await relayTo(PORTS.ari)
  phones = await Phones.open(PORTS.phones)
  disk = freshFolder()
  hasOwnDisk = mountSmallDisk(disk)
  subject = await createSubject({
    ...{ ARI_URL: relay.url, ARI_USER: ACCESS.user, ARI_PASSWORD: ACCESS.password, ARI_APP: APP },
    DB_PATH: join(disk, 'calls.db'),
  })
})

afterAll(async () => {
  await watch?.stop()
  await subject?.end('SIGKILL')
  if (subject !== undefined) {
    keepEvidence()
  }
  phones?.close()
  await relay?.close()
  await stopAsterisk()
  if (hasOwnDisk) {
    execFileSync('umount', ['-l', disk])
  }
})

/** What can be looked at when a call is not as it should be; kept until the lab is started again. */
function keepEvidence(): void {
  writeFileSync(join(PLACE.run, 'chaos.ndjson'), subject.runs.map((run) => run.output()).join(''))
  const db = join(disk, 'calls.db')
  if (existsSync(db)) {
    copyFileSync(db, join(PLACE.run, 'chaos.db'))
  }
}

/** A disk that can be filled without harm to others; false where this may not be mounted. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'chaos', folder], { stdio: 'ignore' })
    return true
  } catch {
    say('chaos: no disk could be mounted that may be filled; where it should be full, the database is locked instead')
    return false
  }
}

test(`${KINDS.length} faults under ${PER_SECOND} calls a second: no call is lost, doubled, leaked or recorded wrongly`, {
  timeout: 60_000 + KINDS.length * 60_000,
}, async () => {
  const db = join(disk, 'calls.db')
  const kept: CallRow[] = []
  const rowsNow = (): CallRow[] => {
    const callLog = new CallLogRows(db)
    const rows = callLog.calls()
    callLog.close()
    return rows
  }
  subject.start()
  await untilReady(subject)
  const rush = startRush(phones, PER_SECOND)
  const counterCheck = createCounterCheck()
  watch = watchNumbers(subject, counterCheck, async () => Date.now() - HELD_BACK_MS)
  const stage: PbxStage = {
    ...{ subject, counterCheck, random: createRandom(SEED), db, relay, app: APP, disconnectedAt: [], falls: [] },
    // Open calls are taken from the next database.
    keepRows: () => kept.push(...rowsNow().filter((row) => row.end_time !== null)),
  }
  await runCourse({
    ...{ faults: KINDS, longestRestMs: LONGEST_REST_MS, random: stage.random, subject },
    inflict: (kind) => PBX_FAULTS[kind === 'disk full' && !hasOwnDisk ? 'database locked' : kind](stage),
    say: CHAOS_FAULTS === '' ? () => undefined : say,
  })
  await rush.stop()
  await untilQuiet()
  await untilReady(subject)
  const active = await activeAtLast(subject)
  const samples = samplesOf((await get(subject.port, '/metrics')).text)
  await watch.stop()
  await subject.end('SIGTERM')

  const rows = [...kept, ...rowsNow()]
  const observed = observedIntervals(subject.runs, { disconnectedAt: stage.disconnectedAt, proofs: watch.proofs })
  const cel = new Cel()
  const verdict = judgeCalls({
    recorded: recordedCalls(cel),
    roots: cel.roots(),
    rows,
    observed,
    falls: stage.falls,
  })
  const { made, recorded, unrecorded, logged, compared, unobserved, onTheEdge, lost, doubled, open, wrong } = verdict
  const leaked = [...open, ...(active > 0 ? [`${active} active`] : [])]
  const kinds = Object.entries(countOf(KINDS)).map(([kind, count]) => `${kind} ${count}`)
  say(
    `chaos, seed ${SEED}: faults injected ${KINDS.length} (${kinds.join(', ')}); connected ${secondsOf(observed)} of ${runningSecondsOf(subject)} s\n` +
      `  calls made ${made}, ${recorded} with a CDR, ${unrecorded} that died with Asterisk; in the log ${logged}, compared from beginning to end ${compared}, ` +
      `unobserved ${unobserved.length}, on the edge ${onTheEdge.length}\n` +
      `  lost ${lost.length}, doubled ${doubled.length}, leaked ${leaked.length}, wrong ${wrong.length}`,
  )
  expect({ lost, doubled, leaked, wrong }).toEqual({ lost: [], doubled: [], leaked: [], wrong: [] })
  expect({ broken: watch.broken, fallen: counterCheck.fallen }).toEqual({ broken: [], fallen: [] })
  expect([...compareTotals(totalsOf(rows), samples), ...brokenRows(rows)]).toEqual([])
  // Proves that calls were compared at all.
  expect(compared).toBeGreaterThan(50)
  expect(logged + unobserved.length + onTheEdge.length).toBe(made)
})

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
