// A process that is measured: started with the probe inside, asked, ended. The program itself or a baseline.
//
// Processor time is that of the whole process, all of its threads. Ends with its parent.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually, freePort, get, scrape, sumOf } from '../system/program/program.ts'
import { residentMb } from '../system/program/residentMb.ts'
import { ACCESS } from './access.ts'
import type { Context } from './context.ts'

const PROBE = new URL('./probe.js', import.meta.url).href
const READY_MS = 30_000

/** What the probe reports; spans begin at the last request. */
export interface Reading {
  readonly cpuMs: number
  readonly heapBytes: number
  /** Time for which the event loop was at work, since the process began. */
  readonly activeMs: number
  readonly loopP99Ms: number
  readonly loopMaxMs: number
}

export class Subject {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  readonly #received = new Set<string>()
  #asked = 0

  constructor(child: ChildProcess) {
    this.#child = child
    this.pid = child.pid ?? 0
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null) {
        for (const word of Object.keys(message)) {
          this.#received.add(word)
        }
      }
    })
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => resolve())
    })
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves when it has sent a message with that key; rejects when it never does. */
  async received(word: string): Promise<void> {
    await eventually(() => this.#received.has(word) || !this.isRunning, Boolean, READY_MS)
    if (!this.isRunning) {
      throw new Error('the process that is measured ended before it was ready')
    }
  }

  /** Asks the probe; `collect` lets it collect garbage first, where it may. */
  read(collect = false): Promise<Reading> {
    this.#asked += 1
    const probe = this.#asked
    return this.ask<Reading>({ probe, collect }, (answer) => 'probe' in answer && answer.probe === probe)
  }

  send(message: object): void {
    this.#child.send(message)
  }

  /** Sends a message and resolves with the first answer that `isAnswer` takes; rejects when the process ends. */
  ask<T extends object>(message: object, isAnswer: (answer: object) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const take = (answer: unknown): void => {
        if (typeof answer !== 'object' || answer === null || !isAnswer(answer)) {
          return
        }
        this.#child.off('message', take)
        resolve(answer as T)
      }
      this.#child.on('message', take)
      const fail = (): void => reject(new Error('the process that is measured ended'))
      void this.#gone.then(fail)
      this.#child.send(message, (error) => {
        if (error !== null) {
          fail()
        }
      })
    })
  }

  /** Resident memory in MB; NaN where the system does not report it. */
  residentMb(): number {
    return residentMb(this.pid)
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.#gone
    clearTimeout(late)
  }
}

/** Runs a script of this folder under the probe; what it prints is not shown, what it complains of is. */
export function startScript(name: string, words: readonly string[]): Subject {
  const script = fileURLToPath(new URL(name, import.meta.url))
  return new Subject(
    spawn(process.execPath, ['--import', PROBE, script, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  )
}

/** Node.js with one thread beside the main one, and nothing to do: the least memory that a program with a writer thread takes. */
export function startBareNode(): Subject {
  const script = "setInterval(() => {}, 1e6); new worker_threads.Worker('setInterval(() => {}, 1e6)', { eval: true })"
  return new Subject(spawn(process.execPath, ['-e', script], { stdio: 'ignore' }))
}

/** The program, connected and in sync. */
export interface Exporter extends Subject {
  readonly port: number
  readonly database: string
}

export interface ExporterOptions {
  readonly url: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** Without the probe, to measure memory. */
  readonly bare?: boolean
  readonly settings?: Readonly<Record<string, string>>
}

/** Starts the built program of a checkout; resolves as soon as `isReady` is true, with when it was. Rejects when it does not get there. */
export async function startExporter(
  { checkout, folder }: Pick<Context, 'checkout' | 'folder'>,
  options: ExporterOptions,
  isReady: (port: number) => Promise<boolean> = inSync,
): Promise<Exporter & { readonly readyAfterMs: number }> {
  const program = join(checkout, 'dist/main.js')
  if (!existsSync(program)) {
    throw new Error(`${program} is missing, and it is what is measured: npm run build`)
  }
  const cwd = mkdtempSync(join(folder, 'exporter-'))
  const port = await freePort()
  const database = options.database ?? join(cwd, 'calls.db')
  const { user = ACCESS.user, password = ACCESS.password, url, settings } = options
  const words = options.bare === true ? [program] : ['--import', PROBE, '--expose-gc', program]
  const begun = performance.now()
  const child = spawn(process.execPath, words, {
    cwd,
    env: {
      ARI_URL: url,
      ARI_USER: user,
      ARI_PASSWORD: password,
      DB_PATH: database,
      HTTP_PORT: String(port),
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'inherit', 'inherit', options.bare === true ? 'ignore' : 'ipc'],
  })
  const subject = new Subject(child)
  await eventually(
    () => isReady(port),
    (ready) => ready || !subject.isRunning,
    READY_MS,
  )
  if (!subject.isRunning) {
    throw new Error('the program ended before it was ready')
  }
  return Object.assign(subject, { port, database, readyAfterMs: performance.now() - begun })
}

async function inSync(port: number): Promise<boolean> {
  return (await get(port, '/-/ready')).status === 200
}

/** Ended calls and those that wait for the disk, from /metrics. */
export async function callsOf(port: number): Promise<{ ended: number; pending: number; rows: number }> {
  const samples = await scrape(port)
  const sum = (name: string): number => sumOf(samples, name)
  return {
    ended: sum('asterisk_calls_total'),
    pending: sum('asterisk_exporter_calllog_pending'),
    rows: sum('asterisk_exporter_calllog_calls_written_total'),
  }
}
