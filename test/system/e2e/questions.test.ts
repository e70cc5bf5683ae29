// What the program asks leaves no trace in what Asterisk writes down: the CDR files of the same calls are the same whether it asks or not.
//
// The calls are played twice: beside a program that asks nothing, and beside two that ask, five times a second (the default) and fifty times
// (the most). Both files are compared without ids and times: that of cdr_custom and that of cdr_csv.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLines } from './csvLines.ts'
import { type Exporter, startExporter } from './exporter.ts'
import { total } from './exposition.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { type Dialing, Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS, RECORDS } from './lab/place.ts'
import { Stage } from './lab/sipp.ts'
import { MANY_QUEUES, THROUGH_MANY_QUEUES } from './manyQueues.ts'
import { say } from './sessionTests.ts'

/** The shortest conversation: by then each call is where it is meant to be. */
const TALK_MS = 2_000
/** Only a hang takes as long. */
const LATEST = { timeout: 60_000, interval: 100 }
/** Dialed when everything else is over: its row is the last. */
const LAST = '503'

const FILES = [RECORDS.cdr, RECORDS.cdrCsv]

const stage = new Stage()
const exporters: Exporter[] = []
let phones: Phones

beforeAll(async () => {
  await startAsterisk(MANY_QUEUES)
  phones = await Phones.open(PORTS.phones)
})

afterAll(async () => {
  stage.clear()
  phones?.close()
  await Promise.all(exporters.map((exporter) => exporter.stop()))
  await stopAsterisk()
})

async function start(questions: string): Promise<Exporter> {
  const exporter = await startExporter({
    user: ACCESS.user,
    app: `asks-${questions}`,
    folder: mkdtempSync(join(PLACE.run, `asks-${questions}-`)),
    settings: { ARI_QUESTIONS_PER_SECOND: questions },
  })
  exporters.push(exporter)
  return exporter
}

const outside = (to: string): Dialing => ({ from: '0401234567', to, trunk: 'trunk-b' })

/** A call that is answered, and lasts until then. */
async function talk(until: Promise<unknown>, dialing: Dialing, phone: string, hold = false): Promise<void> {
  const call = phones.call(dialing)
  await phones.picksUp(phone, 100)
  const caller = await call.answered
  if (hold) {
    await caller.hold()
    await caller.resume()
  }
  await until
  await caller.hangUp()
}

async function inAndOutOfAQueue(): Promise<void> {
  for (const to of ['711', '712', '713', '714']) {
    await stage.callers([{ from: '101', to, talk: 0 }]).done
  }
}

/** The calls, at once; those that are answered last until then. Resolves with the rows of each file when all are written down. */
async function play(until: () => Promise<unknown>): Promise<readonly (readonly string[])[]> {
  const before = FILES.map((file) => rows(file).length)
  const ofNow = () => FILES.map((file, index) => rows(file).slice(before[index]))
  await phones.call(outside(THROUGH_MANY_QUEUES)).answered.then(({ over }) => over)
  const end = Promise.all([sleep(TALK_MS), until()])
  await Promise.all([
    talk(end, outside('3001'), '3001'),
    talk(end, { from: '3011', to: '3012' }, '3012', true),
    talk(end, { from: '3021', to: '480401234567' }, '0401234567'),
    talk(end, outside('614'), '3131'),
    inAndOutOfAQueue(),
    phones.call(outside('473041')).refused,
    phones.call({ from: '3051', to: '504' }).refused,
  ])
  await untilQuiet()
  await phones.call(outside(LAST)).refused
  await expect.poll(() => ofNow().every((own) => own.some((row) => row.includes(` ${LAST} `))), LATEST).toBe(true)
  return ofNow().map((own) => own.toSorted())
}

/** Without ids, times and the numbers of channels. */
function rows(file: string): readonly string[] {
  return csvLines(file).map((cells) => cells.map(withoutTrace).join(' '))
}

// An id is epoch seconds and a number, a time is epoch seconds or a date, the name of a channel ends in eight digits.
function withoutTrace(cell: string): string {
  return /^(\d+\.\d+|\d{4}-\d\d-\d\d .*)$/.test(cell) ? 'instant' : cell.replace(/-[0-9a-f]{8}(?=;|$)/, '')
}

async function sum(exporter: Exporter, name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  return total(await exporter.samples(), name, labels)
}

test('questions add nothing to the CDR files and change nothing in them', async () => {
  const silent = await start('0')
  const without = await play(() => Promise.resolve())
  expect(await sum(silent, 'asterisk_exporter_questions_total')).toBe(0)
  expect(await silent.stop()).toBe(0)

  const curious = [await start('5'), await start('50')]
  const isAsked = (one: Exporter) => expect.poll(() => sum(one, 'asterisk_legs_live'), LATEST).toBeGreaterThan(0)
  const during = await play(() => Promise.all(curious.map(isAsked)))
  const answered = await Promise.all(
    curious.map((one) => sum(one, 'asterisk_exporter_questions_total', { outcome: 'answered' })),
  )
  say(
    `CDR rows without questions ${countsOf(without)}, with ${answered.join(' and ')} answered ones ${countsOf(during)}`,
  )
  expect(during).toEqual(without)
  expect(Math.min(...without.map((own) => own.length))).toBeGreaterThan(10)
  for (const exporter of curious) {
    expect(await exporter.stop()).toBe(0)
  }
})

function countsOf(files: readonly (readonly string[])[]): string {
  return files.map((own) => own.length).join(' and ')
}
