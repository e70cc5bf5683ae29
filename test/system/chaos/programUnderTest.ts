// The program under test: started, ended and started again on one database and one port, with all its output.

import { freePort, get, type Launch, type Program, startProgram } from '../program/program.ts'

/** One run of the program, from its start to its end. */
export interface Run {
  readonly startedAt: number
  readonly output: () => string
  /** When and how it ended; null while it runs. */
  end: { readonly at: number; readonly by: 'SIGKILL' | 'SIGTERM' } | null
}

export interface Subject {
  readonly port: number
  readonly runs: readonly Run[]
  start(): void
  /** The one that runs now, or ran last; null before the first start. */
  program(): Program | null
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  /** Ends it and resolves when it is gone; the run's `end.at` is the instant before the signal is sent. */
  end(by: 'SIGKILL' | 'SIGTERM'): Promise<void>
  isReady(): Promise<boolean>
}

/** A program that is not started yet. */
export async function createSubject(
  environment: Readonly<Record<string, string>>,
  launch: Launch = {},
): Promise<Subject> {
  const port = await freePort()
  const runs: Run[] = []
  let program: Program | null = null
  return {
    port,
    runs,
    program: () => program,
    start() {
      program = startProgram([], { LOG_LEVEL: 'info', ...environment, HTTP_PORT: String(port) }, launch)
      runs.push({ startedAt: Date.now(), output: program.output, end: null })
    },
    signal(signal) {
      program?.child.kill(signal)
    },
    async end(by) {
      const run = runs.at(-1)
      if (program === null || run === undefined || run.end !== null) {
        return
      }
      run.end = { at: Date.now(), by }
      program.child.kill(by)
      await program.ended
    },
    isReady: async () => (await get(port, '/-/ready')).status === 200,
  }
}

/** The seconds of all its runs together. */
export function runningSecondsOf({ runs }: Subject): number {
  return Math.round(runs.reduce((sum, { startedAt, end }) => sum + (end?.at ?? startedAt) - startedAt, 0) / 1000)
}
