// What the questions to Asterisk cost it under load: its CPU with and without them, in turns, while calls go on.
//
// QUESTIONS_MINUTES: how long each of the two lasts in all (30: an hour altogether). Without it nothing runs: a short run says nothing
// about CPU, and that questions break no call is also seen in every other end-to-end test.

import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CallLogRows } from './callLogRows.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { hangUpAll, runningPid, startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { startCalls, startRush } from './steadyLoad.ts'

const MINUTES = Number(process.env['QUESTIONS_MINUTES'] ?? 0)
const TURN_MINUTES = Math.min(5, MINUTES)
const TURNS = Math.round(MINUTES / TURN_MINUTES)
const SHORT_PER_SECOND = 18
/** Long enough for the voice of a call to be asked about. */
const LONG_PER_SECOND = 2
const LONG_TALK_MS = 12_000
/** As /proc counts processor time. */
const TICKS_PER_SECOND = 100

let phones: Phones
let folder: string

beforeAll(async () => {
  if (MINUTES > 0) {
    await startAsterisk()
    folder = mkdtempSync(join(PLACE.run, 'questions-'))
    phones = await Phones.open(PORTS.phones)
  }
})

afterAll(async () => {
  phones?.close()
  if (MINUTES > 0) {
    await hangUpAll()
    await stopAsterisk()
  }
})

test.skipIf(MINUTES === 0)(
  'calls go on as they do without questions',
  async () => {
    const cores: Record<string, number[]> = { with: [], without: [] }
    const [short, long] = [startRush(phones, SHORT_PER_SECOND), startCalls(LONG_PER_SECOND, talkLong)]
    let questions = 0
    for (let turn = 0; turn < TURNS * 2; turn += 1) {
      const mode = turn % 4 === 0 || turn % 4 === 3 ? 'with' : 'without'
      const exporter = await start(mode === 'with' ? 5 : 0)
      const [before, at] = [asteriskCpu(), Date.now()]
      await sleep(TURN_MINUTES * 60_000)
      const share = (asteriskCpu() - before) / ((Date.now() - at) / 1000)
      cores[mode]?.push(share)
      const samples = await exporter.samples()
      const asked = total(samples, 'asterisk_exporter_questions_total')
      questions += asked
      say(
        `${mode} questions: ${(share * 100).toFixed(2)} % of a core, ${asked} asked, ${total(samples, 'asterisk_exporter_questions_total', { outcome: 'answered' })} answered; calls so far ${short.count.begun + long.count.begun}, failed ${short.count.broken + long.count.broken}`,
      )
      expect(await exporter.stop()).toBe(0)
      expect(exporter.lines.filter((line) => isComplaint(line) && !line.includes('read-only'))).toEqual([])
    }
    await Promise.all([short.stop(), long.stop()])
    await untilQuiet()
    const calls = new CallLogRows(databaseIn(folder))
    say(
      `${MINUTES} minutes each at ${SHORT_PER_SECOND + LONG_PER_SECOND} calls/s: with ${questions} questions ${percent(cores['with'])}, without ${percent(cores['without'])} of a core; ${short.count.begun + long.count.begun} calls, ${short.count.broken + long.count.broken} failed; ${calls.ended()} rows`,
    )
    calls.close()
    expect([short.count.broken, long.count.broken]).toEqual([0, 0])
    expect(questions).toBeGreaterThan(0)
  },
  MINUTES * 2 * 60_000 + 600_000,
)

function start(perSecond: number): Promise<Exporter> {
  const settings = { LOG_LEVEL: 'warn', ARI_QUESTIONS_PER_SECOND: String(perSecond) }
  return startExporter({ user: ACCESS.readOnlyUser, folder, settings })
}

// The callers of a rush hang up after two seconds at most.
async function talkLong(index: number): Promise<void> {
  const connected = await phones.call({ from: `347${1 + (index % 4)}`, to: '3481' }).answered
  await sleep(LONG_TALK_MS)
  await connected.hangUp()
}

/** Seconds that Asterisk's process has used. */
function asteriskCpu(): number {
  const stat = readFileSync(`/proc/${runningPid()}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND
}

function percent(shares: readonly number[] = []): string {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  return `${(mean * 100).toFixed(2)} % (${shares.map((share) => (share * 100).toFixed(2)).join(' ')})`
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
