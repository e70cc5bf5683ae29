// Faults of the program itself and of its disk, for any PBX.
//
// Each fault lasts a while and is undone; the program has to recover by itself. Those of the disk wait until it serves: one that
// cannot open its call log ends, and nobody starts it again here.

import { existsSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Random } from '../../../src/pbx-sim/random.ts'
import { eventually, scrape, sumOf } from '../program/program.ts'
import type { CounterCheck } from './monotonicCounters.ts'
import type { Subject } from './programUnderTest.ts'

/** What these faults can change. */
export interface OwnStage {
  readonly subject: Subject
  readonly counterCheck: CounterCheck
  readonly random: Random
  readonly db: string
  /** Takes a copy of the rows: the database is about to be deleted, and nothing is written into it any more. */
  readonly keepRows: () => void
}

export const OWN_FAULTS = {
  SIGKILL: (stage: OwnStage) => beginAnew(stage, 'SIGKILL'),
  SIGTERM: (stage: OwnStage) => beginAnew(stage, 'SIGTERM'),
  async SIGSTOP({ subject, random }: OwnStage) {
    subject.signal('SIGSTOP')
    await sleep(random.whole(500, 4_000))
    subject.signal('SIGCONT')
    await untilRead(subject)
  },
  async 'database locked'({ db, random, subject }: OwnStage) {
    await untilRead(subject)
    const other = new Database(db)
    other.exec('BEGIN IMMEDIATE')
    await sleep(random.whole(1_000, 4_000))
    other.exec('COMMIT')
    other.close()
    await untilWritten(subject)
  },
  async 'database deleted'({ db, subject, keepRows }: OwnStage) {
    await untilRead(subject)
    const other = new Database(db)
    other.exec('BEGIN IMMEDIATE')
    keepRows()
    for (const suffix of ['', '-wal', '-shm', '-lock']) {
      rmSync(`${db}${suffix}`, { force: true })
    }
    other.close()
    await eventually(() => existsSync(db), Boolean)
    await untilWritten(subject)
  },
} satisfies Readonly<Record<string, (stage: OwnStage) => Promise<void>>>

/** Resolves when what had to wait for the disk is written. */
export async function untilWritten(subject: Subject): Promise<void> {
  await eventually(
    () => scrape(subject.port),
    (samples) => samples.size > 0 && sumOf(samples, 'asterisk_exporter_calllog_pending') < 5,
  )
  await untilRead(subject)
}

/** Resolves when the program has read what was sent to it before. */
export async function untilRead({ port }: Subject): Promise<void> {
  // What waits in a socket is read in the turn of the event loop in which the first is answered, or before.
  for (let answers = 0; answers < 2; answers += 1) {
    await eventually(
      () => scrape(port),
      (samples) => samples.size > 0,
    )
  }
}

async function beginAnew({ subject, counterCheck }: OwnStage, by: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await subject.end(by)
  counterCheck.restarted(subject.runs.at(-1)?.end ?? null)
  subject.start()
}
