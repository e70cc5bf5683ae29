// A server as a process of the tests: starts a program, waits until it is ready, and ends it.
//
// What it printed is in the error when it does not come up. Knows no server by name.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../program/program.ts'

export interface Server {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** All that it printed so far. */
  readonly output: () => string
  /** What it answers at a path, parsed. Rejects on any status but 200, with the body in the error. */
  readonly get: (path: string, parameters?: Parameters) => Promise<unknown>
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>
}

type Parameters = Readonly<Record<string, string | number | readonly string[]>>

/** How to start it. */
export interface Launch {
  readonly program: string
  readonly folder: string
  readonly port: number
  readonly flags: readonly string[]
  /** Where it says that it is ready; default: `/-/ready`. */
  readonly readyPath?: string
}

/** Starts it and waits until it is ready. Rejects with its output when it does not. */
export async function startServer({ program, folder, port, flags, readyPath = '/-/ready' }: Launch): Promise<Server> {
  const child = spawn(program, flags, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output += chunk))
  }
  child.on('error', (error) => (output += error.message))
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const gone = () => child.exitCode !== null || child.signalCode !== null
    await eventually(
      () => gone() || isReady(url + readyPath),
      (so) => so,
      60_000,
    )
    if (gone()) {
      throw new Error('it ended')
    }
  } catch (error) {
    await stop()
    throw new Error(`${program} did not become ready: ${error}\n${output}`)
  }
  return { url, output: () => output, stop, get: (path, parameters = {}) => getJson(url + path, parameters) }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function getJson(url: string, parameters: Parameters): Promise<unknown> {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      search.append(name, String(one))
    }
  }
  const answer = await fetch(`${url}?${search}`)
  const text = await answer.text()
  if (!answer.ok) {
    throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 1000)}`)
  }
  return JSON.parse(text)
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      return resolve()
    }
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000)
    child.once('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/** An empty folder below the system's temporary one. */
export function freshServerFolder(): string {
  return mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-noc-'))
}
