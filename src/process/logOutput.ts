// The output of the log: lines are buffered, within a bound, until the descriptor accepts them.
//
// Logging must never harm the calls. A full disk, a pipe that nobody reads or a stopped terminal loses lines, which are counted;
// it never blocks the caller, never ends the program, and never prevents its end.

import { constants, openSync, write, writeSync } from 'node:fs'

/** `process.stdout`, rather than the number 1: when Node creates that object, it makes a pipe or socket non-blocking. */
export interface Descriptor {
  readonly fd: number
  readonly isTTY?: boolean
}

export interface LogOutputOptions {
  /** Size of the buffer; when it is full, new lines are dropped. */
  readonly maxBytes?: number
  /** How long to wait after a failed write. */
  readonly retryMs?: number
  /** Called when the buffer is empty again, with the number of lines dropped since the last call. */
  readonly onResumed?: (dropped: number) => void
}

export interface LogOutput {
  /** Writes a line, which ends with a line feed. Never blocks, never throws. */
  write(line: string): void
  /** Lines dropped since the start. */
  dropped(): number
  /** Resolves when the buffer is empty, but after `withinMs` at the latest. */
  drained(withinMs: number): Promise<void>
  /** For the end of the process, when the event loop no longer runs: writes the rest synchronously, as far as the descriptor accepts it. */
  writeRest(): void
}

const MAX_BYTES = 1024 * 1024
const CHUNK_BYTES = 64 * 1024
const RETRY_MS = 1_000
// The pipe is full because its reader is slow.
const FULL_PIPE_RETRY_MS = 20

/** Opens an output that never waits for its descriptor. */
export function openLogOutput(descriptor: Descriptor, options: LogOutputOptions = {}): LogOutput {
  const { maxBytes = MAX_BYTES, retryMs = RETRY_MS, onResumed } = options
  const fd = nonBlocking(descriptor)
  const lines: Buffer[] = []
  let bytes = 0
  let chunk: Buffer = Buffer.alloc(0)
  let state: 'idle' | 'writing' | 'refused' = 'idle'
  let dropped = 0
  let reported = 0
  const waiters: (() => void)[] = []

  const takeChunk = (): Buffer => {
    let size = 0
    let count = 0
    while (count < lines.length && (count === 0 || size < CHUNK_BYTES)) {
      size += lines[count++]?.length ?? 0
    }
    return Buffer.concat(lines.splice(0, count))
  }
  const reportEmpty = (): void => {
    for (const done of waiters.splice(0)) {
      done()
    }
    const unreported = dropped - reported
    reported = dropped
    if (unreported > 0) {
      onResumed?.(unreported)
    }
  }
  const pump = (): void => {
    if (state !== 'idle') {
      return
    }
    if (chunk.length === 0) {
      chunk = takeChunk()
    }
    if (chunk.length === 0) {
      return reportEmpty()
    }
    state = 'writing'
    write(fd, chunk, (error, written) => {
      if (error !== null) {
        state = 'refused'
        const retry = setTimeout(resume, error.code === 'EAGAIN' ? FULL_PIPE_RETRY_MS : retryMs)
        retry.unref()
        return
      }
      bytes -= written
      chunk = chunk.subarray(written)
      resume()
    })
  }
  const resume = (): void => {
    state = 'idle'
    pump()
  }

  return {
    write(line) {
      const encoded = Buffer.from(line)
      if (bytes + encoded.length > maxBytes) {
        dropped += 1
        return
      }
      bytes += encoded.length
      lines.push(encoded)
      pump()
    },
    dropped: () => dropped,
    drained(withinMs) {
      if (bytes === 0) {
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs)
        waiters.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    },
    writeRest() {
      try {
        // The thread pool finishes a chunk that is being written before the process ends.
        if (state !== 'writing') {
          writeWhole(fd, chunk)
        }
        for (let next = takeChunk(); next.length > 0; next = takeChunk()) {
          writeWhole(fd, next)
        }
      } catch {
        // The lines are lost; nothing can report it any more.
      }
    },
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) {
    from += writeSync(fd, bytes, from)
  }
}

// A terminal that is stopped (Ctrl+S) would block a thread of the pool and so the end of the process. It is opened a second time,
// because O_NONBLOCK on the given descriptor would affect every process that shares it.
function nonBlocking({ fd, isTTY = false }: Descriptor): number {
  if (!isTTY) {
    return fd
  }
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return fd
  }
}
