// The chaos trial: the program under load while its socket, the PBX, its own process and its disk fail at random.
//
// The PBX is simulated in this process; the program runs in its own. All random choices come from the seed, although two
// processes never run quite alike. At the end the call log is compared with the ground truth.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { freshFolder } from '../program/program.ts'
import { type CallLogRows, joined, readCallLog } from './callLogRows.ts'
import { judge, type Verdict } from './compareWithTruth.ts'
import { type Course, countOf, runCourse, untilReady } from './faultSchedule.ts'
import { allSent, FAULTS, type FaultKind, type Stage } from './faults.ts'
import { startLoad } from './load.ts'
import { activeAtLast, watchNumbers } from './metricChecks.ts'
import { createCounterCheck } from './monotonicCounters.ts'
import { observedIntervals, secondsOf } from './observedIntervals.ts'
import { createSubject, runningSecondsOf } from './programUnderTest.ts'

export interface ChaosOptions extends Pick<Course<FaultKind>, 'faults' | 'longestRestMs' | 'say'> {
  readonly seed: number
  readonly callsPerSecond: number
  readonly longestTalkMs: number
  /** So many calls at least, however soon the faults are through. */
  readonly calls: number
}

export interface Outcome extends Verdict {
  readonly faults: Readonly<Record<string, number>>
  /** Calls under way that restarts of the PBX cut off. */
  readonly cut: number
  /** Of all runs together, starting and stopping included. */
  readonly runningSeconds: number
  readonly observedSeconds: number
  readonly disconnectedSeconds: number
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

/** So many calls begin after the last fault: they are observed from beginning to end, however slowly the machine connects again. */
const CALLS_AFTER_FAULTS = 100

/** The share of answers about queue members and voice that are slow, errors or of another shape. */
const FAULTY_ANSWERS = 0.2

const APP = 'callcenter-app'
const LOGIN = { user: 'chaos', password: 'chaos-pass-word' }

/** Runs one trial to its end. Rejects only when the program does not come back. */
export async function runChaos(options: ChaosOptions): Promise<Outcome> {
  const { seed, say } = options
  const random = createRandom(seed)
  const complaints: string[] = []
  const pbx = await startPbx(
    { ...LOGIN, seed, traffic: 'lean', speed: 20, faultyAnswers: FAULTY_ANSWERS, voiceTrouble: true },
    { log: (line) => complaints.push(line) },
  )
  const db = join(freshFolder(), 'calls.db')
  const subject = await createSubject({
    ARI_URL: pbx.url,
    ARI_USER: LOGIN.user,
    ARI_PASSWORD: LOGIN.password,
    ARI_APP: APP,
    DB_PATH: db,
  })
  subject.start()
  await untilReady(subject)
  const load = startLoad({ ...options, random: random.fork(1) }, pbx)
  const counterCheck = createCounterCheck()
  const watch = watchNumbers(subject, counterCheck, () => allSent(pbx))
  const kept: CallLogRows[] = []
  const stage: Stage = {
    ...{ pbx, subject, load, counterCheck, db, random: random.fork(2), app: APP, login: LOGIN },
    ...{ disconnectedAt: [], cutOff: [], keepRows: () => kept.push(readCallLog(db)) },
  }
  try {
    await runCourse({ ...options, random: stage.random, subject, inflict: (kind) => FAULTS[kind](stage) })
    const calls = Math.max(options.calls, load.count.begun + CALLS_AFTER_FAULTS)
    while (load.count.begun < calls) {
      await sleep(100)
    }
    await load.drain()
    await untilReady(subject)
    const active = await activeAtLast(subject)
    await watch.stop()
    await subject.end('SIGTERM')
    const observed = observedIntervals(subject.runs, { disconnectedAt: stage.disconnectedAt, proofs: watch.proofs })
    const { rows, legs, openLegs } = joined([...kept, readCallLog(db)])
    const verdict = judge({ played: load.played, cutOff: stage.cutOff, observed, rows, legs })
    const ended = rows.filter((row) => row.endedAt !== null).length
    if (ended !== watch.ended()) {
      watch.broken.push(`${ended} ended rows, ${watch.ended()} calls on /metrics`)
    }
    return {
      ...verdict,
      ...{ faults: countOf(options.faults), cut: load.count.cut, active, openLegs, db },
      ...{
        runningSeconds: runningSecondsOf(subject),
        observedSeconds: secondsOf(observed),
        disconnectedSeconds: watch.disconnectedSeconds(),
      },
      ...{ broken: [...complaints, ...watch.broken], fallen: counterCheck.fallen },
      output: subject.runs.map((run) => run.output()).join(''),
    }
  } finally {
    await watch.stop()
    await subject.end('SIGKILL')
    await pbx.stop()
    say(`seed ${seed}: over`)
  }
}
