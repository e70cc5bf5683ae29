// Starts and stops the built program (dist/main.js) as a user would: by its environment, its signals and its HTTP port.
//
// Never imports anything of src/: what is tested here is the program, from the outside. It runs in a folder of its own,
// so that no .env of the repository reaches it.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../program/program.ts'
import { type Sample, samplesOf, total } from './exposition.ts'
import { ACCESS, ARI_URL } from './lab/place.ts'

const PROGRAM = join(import.meta.dirname, '../../../dist/main.js')
const READY_MS = 60_000
const STOP_MS = 30_000

export interface ExporterOptions {
  /** A user of ari.conf. */
  readonly user: string
  /** ARI_APP; the program's own default when absent. */
  readonly app?: string
  /** Where it runs and keeps its database. */
  readonly folder: string
  /** Further settings. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A running exporter. */
export class Exporter {
  readonly url: string
  readonly #child: ChildProcess
  readonly #gone: Promise<number | NodeJS.Signals | null>
  #said = ''

  constructor(child: ChildProcess, port: number) {
    this.url = `http://127.0.0.1:${port}`
    this.#child = child
    this.#gone = new Promise((resolve, reject) => {
      child.once('exit', (code, signal) => resolve(code ?? signal))
      child.once('error', reject)
    })
    child.stdout?.on('data', (chunk) => {
      this.#said += chunk
    })
    child.stderr?.on('data', (chunk) => {
      this.#said += chunk
    })
  }

  /** What the program has printed so far, line by line. */
  get lines(): readonly string[] {
    return this.#said.split('\n').filter((line) => line !== '')
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The text of /metrics. */
  async exposition(): Promise<string> {
    const answer = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(20_000) })
    if (!answer.ok) {
      throw new Error(`/metrics answered ${answer.status}`)
    }
    return answer.text()
  }

  async samples(): Promise<Sample[]> {
    return samplesOf(await this.exposition())
  }

  /**
   * Whether Asterisk has answered all but one question within 50 ms, so that the questions kept their rate (src/ari/questions/pace.ts). A
   * change that only questions tell of is promised within 15 s as long as they do.
   */
  async askedAtFullRate(): Promise<boolean> {
    const samples = await this.samples()
    const [all, quick] = [
      total(samples, 'asterisk_exporter_questions_total'),
      total(samples, 'asterisk_exporter_question_seconds_bucket', { le: '0.05' }),
    ]
    return all - quick <= 1
  }

  /**
   * The samples once they count so many ended calls: a row is in the file before the writer's thread has said so, and all scrapes
   * within 100 ms are answered alike.
   */
  async settled(ended: number): Promise<Sample[]> {
    const counted = (samples: readonly Sample[]): boolean =>
      total(samples, 'asterisk_exporter_calllog_calls_written_total') === ended &&
      total(samples, 'asterisk_exporter_calllog_pending') === 0
    return eventually(() => this.samples(), counted)
  }

  /** Whether the program says that it is connected and in sync. */
  async ready(): Promise<boolean> {
    return fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(20_000) }).then(
      (answer) => answer.status === 200,
      () => false,
    )
  }

  /** Ends it with SIGTERM, as a service manager does; resolves with its exit code, or with the signal that it took. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    const code = await this.#gone
    clearTimeout(late)
    return code
  }

  /** Stops it dead where it is, sockets open, until `thaw`. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** Ends it with SIGKILL: no farewell, nothing written any more. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }
}

/** The database that an exporter in `folder` keeps. */
export function databaseIn(folder: string): string {
  return join(folder, 'callcenter.db')
}

/** Starts the program and resolves when it is ready; rejects with its last output when it never is. */
export async function startExporter(options: ExporterOptions): Promise<Exporter> {
  if (!existsSync(PROGRAM)) {
    throw new Error('The end-to-end tests run the built program, and dist/main.js is missing: npm run build.')
  }
  const port = await freePort()
  const { PATH } = process.env
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: options.folder,
    env: {
      PATH,
      ARI_URL,
      ARI_USER: options.user,
      ARI_PASSWORD: ACCESS.password,
      ...(options.app === undefined ? {} : { ARI_APP: options.app }),
      DB_PATH: databaseIn(options.folder),
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      LOG_LEVEL: 'info',
      ...options.settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exporter = new Exporter(child, port)
  const end = Date.now() + READY_MS
  while (exporter.running && Date.now() < end) {
    if (await exporter.ready()) {
      return exporter
    }
    await sleep(50)
  }
  const state = exporter.running ? `was not ready within ${READY_MS / 1000} s` : 'ended before it was ready'
  await exporter.kill()
  throw new Error(`The exporter ${state}. Its last output:\n${exporter.lines.slice(-8).join('\n')}`)
}

/** A machine that stands still for a second makes events wait that long: that is said of the machine, not of the program. */
const BEHIND = '"msg":"behind: '

/**
 * Whether a line of the program's log is a warning or worse about what it sees. It writes JSON when it does not write to a terminal; 30 is
 * information.
 */
export function isComplaint(line: string): boolean {
  const level = /"level":(\d+)/.exec(line)?.[1]
  return (level === undefined || Number(level) > 30) && !line.includes(BEHIND)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') {
    throw new Error('The machine gave no free port.')
  }
  return address.port
}
