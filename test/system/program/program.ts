// Runs the program as a user would start it, on a database and a port of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))

/** Compiled sources, shared by all runs: it halves the CPU that a start takes. */
const COMPILE_CACHE = join(tmpdir(), 'asterisk-ari-exporter-compile-cache')

export interface Program {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** How a program is started otherwise than from the sources, with pipes that are read. */
export interface Launch {
  /** The text of `.env` in the working directory. */
  readonly dotEnv?: string
  /** Its file; unset: the sources. */
  readonly main?: string
  /** Options of Node.js; they open an IPC channel, for a module of `--import`. */
  readonly node?: readonly string[]
  /** The command that runs it, such as `prlimit` with its arguments. */
  readonly under?: readonly string[]
  /** Where its log goes: a descriptor, a pipe that nobody reads, or one whose reader has gone. Unset: into `output`. */
  readonly stdout?: number | 'unread' | 'gone'
}

/** Starts the program with only the given environment, in a folder of its own. */
export function startProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { main = MAIN, node = [], under = [], stdout, dotEnv }: Launch = {},
): Program {
  const cwd = freshFolder()
  if (dotEnv !== undefined) {
    writeFileSync(join(cwd, '.env'), dotEnv)
  }
  const [command = process.execPath, ...rest] = [...under, process.execPath, ...node, main, ...words]
  const child = spawn(command, rest, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: [
      'ignore',
      typeof stdout === 'number' ? stdout : 'pipe',
      'pipe',
      ...(node.length > 0 ? ['ipc' as const] : []),
    ],
  })
  let output = ''
  if (stdout === 'gone') {
    child.stdout?.destroy()
  }
  for (const stream of [stdout === undefined ? child.stdout : null, child.stderr]) {
    stream?.on('data', (chunk) => (output += chunk))
  }
  const ended = new Promise<number | string>((resolve) =>
    // A pipe that nobody reads is never at its end.
    child.on(stdout === undefined ? 'close' : 'exit', (code, signal) => resolve(code ?? signal ?? '')),
  )
  return { child, output: () => output, ended }
}

/** Runs the program and resolves when it has exited. */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  launch: Launch = {},
): Promise<{ code: number | string; output: string }> {
  const { ended, output } = startProgram(words, environment, launch)
  return { code: await ended, output: output() }
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-test-'))
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Polls until the condition is true; throws with the last answer if it never is. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isSo: (answer: T) => boolean,
  // Only a hang takes as long.
  withinMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) {
      return answer
    }
    if (Date.now() > deadline) {
      throw new Error(`not so within ${withinMs} ms: ${JSON.stringify(answer).slice(0, 2000)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

const ANSWERS_WITHIN_MS = 20_000

/** What is served at a path; status 0 without a response. */
export async function get(port: number, path: string): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return { status: 0, text: '' }
  }
}

/** The samples of a scrape: series as written -> value. */
export async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const { text } = await get(port, '/metrics')
  return new Map(
    text.split('\n').flatMap((line) => {
      const space = line.lastIndexOf(' ')
      return line === '' || line.startsWith('#') ? [] : [[line.slice(0, space), Number(line.slice(space + 1))] as const]
    }),
  )
}

/** Sum over all series of a metric. */
export function sumOf(samples: ReadonlyMap<string, number>, name: string): number {
  let sum = 0
  for (const [series, value] of samples) {
    if (series === name || series.startsWith(`${name}{`)) {
      sum += value
    }
  }
  return sum
}
