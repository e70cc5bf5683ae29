// On a real Asterisk, under SIP calls: our scrape beside res_prometheus's, what listening costs Asterisk, and how soon an answer shows.
//
// Uses the Asterisk of the end-to-end tests (root, Linux, sipp, debootstrap; it is installed when it is missing) and leaves it stopped.
// Left out with one sentence where that cannot be, or where somebody uses it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { ari, cli, hangUpAll, startAsterisk, stopAsterisk, untilQuiet } from '../system/e2e/lab/asterisk.ts'
import { missingTools } from '../system/e2e/lab/install.ts'
import { ACCESS, ARI_URL, PLACE, PORTS } from '../system/e2e/lab/place.ts'
import { Stage } from '../system/e2e/lab/sipp.ts'
import { eventually } from '../system/program/program.ts'
import { answerDelays } from './answerDelays.ts'
import { type Benchmark, type Context, LeftOut } from './context.ts'
import { median, percentile } from './figures.ts'
import { startExporter } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { gzipped, plain, request } from './scraping.ts'

const LIVE_CALLS = 300
/** Each listener hears so many calls, so many times. */
const ROUNDS = 2
const ROUND_CALLS = 480
const RAMP_PER_SECOND = 30
const SCRAPES = 20
const RUSH_PER_SECOND = 40
const TALK_MS = 300
/** Ticks in a second, as /proc counts processor time. */
const TICKS = 100

const PROMETHEUS_CONF = '[general]\nenabled = yes\ncore_metrics_enabled = yes\nuri = metrics\n'

export const asteriskBench: Benchmark = { name: 'asterisk', comparesWithBase: false, run }

async function run(context: Context): Promise<Figures> {
  const lack = await missingTools()
  if (lack !== null) {
    throw new LeftOut(lack)
  }
  if (await isInUse()) {
    throw new LeftOut('the Asterisk of the end-to-end tests is in use: try again when those have ended.')
  }
  const stage = new Stage()
  try {
    context.say(`asterisk: ${await startAsterisk()}`)
    if (context.quick) {
      return await delaysOf(context)
    }
    mkdirSync(join(PLACE.root, 'lab/etc'), { recursive: true })
    writeFileSync(join(PLACE.root, 'lab/etc/prometheus.conf'), PROMETHEUS_CONF)
    await cli('module load res_prometheus.so')
    const scrapes = await besideTheirs(context, stage)
    const delays = await delaysOf(context)
    return { ...scrapes, ...delays, ...(await costs(context, stage)) }
  } finally {
    stage.clear()
    await hangUpAll().catch(() => undefined)
    await stopAsterisk()
  }
}

function isInUse(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(PORTS.ari, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
  })
}

function start(context: Context, settings: Readonly<Record<string, string>> = {}) {
  return startExporter(context, { url: ARI_URL, user: ACCESS.user, password: ACCESS.password, settings })
}

async function besideTheirs(context: Context, stage: Stage): Promise<Figures> {
  const exporter = await start(context)
  try {
    // Everybody has called once, so that all series are there.
    await rush(stage, 20)
    const [theirs0, ours0] = await scrapeBoth(exporter.port)
    context.say(`asterisk: ${2 * LIVE_CALLS} channels`)
    const talkMs = (LIVE_CALLS / RAMP_PER_SECOND) * 1000 + 20_000
    const phone = await stage.callee('phone102', { does: 'answers', ring: 0, talk: 0 }, LIVE_CALLS)
    const callers = stage.callers(callsOf(LIVE_CALLS, talkMs), RAMP_PER_SECOND)
    await eventually(channelCount, (count) => count >= 2 * LIVE_CALLS, 60_000)
    const channels = await channelCount()
    const [theirs, ours] = await scrapeBoth(exporter.port)
    await Promise.all([callers.done, phone.done])
    await untilQuiet()
    return {
      'asterisk.channels': channels,
      'asterisk.theirs.time.0': theirs0.ms,
      'asterisk.theirs.time': theirs.ms,
      'asterisk.ours.time.0': ours0.ms,
      'asterisk.ours.time': ours.ms,
      'asterisk.theirs.bytes.0': theirs0.bytes,
      'asterisk.theirs.bytes': theirs.bytes,
      'asterisk.ours.bytes.0': ours0.bytes,
      'asterisk.ours.bytes': ours.bytes,
      'asterisk.growth': ours.bytes / ours0.bytes,
    }
  } finally {
    await exporter.stop()
  }
}

async function channelCount(): Promise<number> {
  const said = await cli('core show channels count')
  return Number(/(\d+) active channel/.exec(said)?.[1] ?? 0)
}

/** Taken in turns; both without gzip, which res_prometheus does not have. */
async function scrapeBoth(port: number) {
  const [theirs, ours]: [number[], number[]] = [[], []]
  const bytes = { theirs: 0, ours: 0 }
  for (let made = 0; made < SCRAPES; made += 1) {
    const their = await request({ port: PORTS.ari, path: '/metrics' })
    const own = await plain(port)
    theirs.push(their.ms)
    ours.push(own.ms)
    Object.assign(bytes, { theirs: their.bytes, ours: own.bytes })
  }
  return [
    { ms: median(theirs), bytes: bytes.theirs },
    { ms: median(ours), bytes: bytes.ours },
  ] as const
}

function callsOf(calls: number, talk: number) {
  return Array.from({ length: calls }, () => ({ from: '101', to: '102', talk }) as const)
}

async function rush(stage: Stage, calls: number): Promise<void> {
  const phone = await stage.callee('phone102', { does: 'answers', ring: 0, talk: 0 }, calls)
  const callers = stage.callers(callsOf(calls, TALK_MS), RUSH_PER_SECOND)
  await Promise.all([callers.done, phone.done])
  await untilQuiet()
}

async function delaysOf(context: Context): Promise<Figures> {
  context.say('asterisk: from the answer to /metrics')
  const exporter = await start(context)
  try {
    const delays = await answerDelays(context.quick ? 20 : 200, () => gzipped(exporter.port))
    return { 'asterisk.answer.p50': percentile(delays, 50), 'asterisk.answer.p99': percentile(delays, 99) }
  } finally {
    await exporter.stop()
  }
}

type Ending = () => unknown
const LISTENERS = ['alone', 'full', 'lean', 'all'] as const

async function costs(context: Context, stage: Stage): Promise<Figures> {
  const found = { alone: [0], full: [0], lean: [0], all: [0] }
  for (const list of Object.values(found)) {
    list.length = 0
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const listener of LISTENERS) {
      context.say(`asterisk: its CPU, ${listener === 'alone' ? 'nobody listens' : `a listener (${listener})`}`)
      const end = await listenAs(listener, context)
      try {
        const before = asteriskCpuMs()
        await rush(stage, ROUND_CALLS)
        found[listener].push((asteriskCpuMs() - before) / ROUND_CALLS)
      } finally {
        await end()
      }
    }
  }
  return {
    'asterisk.cpu.alone': median(found.alone),
    'asterisk.cpu.full': median(found.full),
    'asterisk.cpu.lean': median(found.lean),
    'asterisk.cpu.all': median(found.all),
  }
}

async function listenAs(listener: (typeof LISTENERS)[number], context: Context): Promise<Ending> {
  switch (listener) {
    case 'alone': {
      return () => undefined
    }
    case 'full':
    case 'lean': {
      const exporter = await start(context, { ARI_EVENTS: listener })
      return () => exporter.stop()
    }
    case 'all': {
      return await listenToAll()
    }
  }
}

async function listenToAll(): Promise<Ending> {
  const key = `${ACCESS.user}:${ACCESS.password}`
  const address = `${ARI_URL.replace('http', 'ws')}/ari/events?app=bench-all&subscribeAll=true&api_key=${key}`
  const socket = new WebSocket(address)
  socket.on('message', () => undefined)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  await ari('/applications/bench-all')
  return async () => {
    socket.close()
    await sleep(500)
  }
}

/** Processor time of the test's Asterisk so far, all of its threads. */
function asteriskCpuMs(): number {
  const pid = readFileSync(join(PLACE.run, 'asterisk.pid'), 'utf8').trim()
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS
}
