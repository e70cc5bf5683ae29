// A log whose output fails: a full disk, or a pipe that nobody reads.

import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { type LogOutput, openLogOutput } from '../../../src/process/logOutput.ts'
import { PATIENCE } from '../patience.ts'

const LINE = `${'x'.repeat(999)}\n`

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'log-output-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function opened(path: string, flags: number | string): number {
  const fd = openSync(path, flags)
  onTestFinished(() => closeSync(fd))
  return fd
}

/** Both ends of a pipe, neither of which blocks. */
function pipe(): { fd: number; readAll: () => string } {
  const path = join(folder(), 'pipe')
  spawnSync('mkfifo', [path])
  const fd = opened(path, constants.O_RDWR | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(1024 * 1024)
  const readAll = () => {
    try {
      return buffer.toString('utf8', 0, readSync(fd, buffer))
    } catch {
      return ''
    }
  }
  return { fd, readAll }
}

function writeLines(output: LogOutput, count: number): void {
  for (let line = 0; line < count; line += 1) {
    output.write(LINE)
  }
}

test('writes whole lines in order', async () => {
  const path = join(folder(), 'log')
  const output = openLogOutput({ fd: opened(path, 'a') })
  const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index} ž\n`)
  for (const line of lines) {
    output.write(line)
  }
  await output.drained(5_000)
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''))
  expect(output.dropped()).toBe(0)
})

test('writes the buffered lines synchronously at the end of the process', () => {
  const path = join(folder(), 'log')
  const output = openLogOutput({ fd: opened(path, 'a') })
  output.write('first\n')
  output.write('second\n')
  output.writeRest()
  expect(readFileSync(path, 'utf8')).toContain('second\n')
})

test('drops lines beyond the limit on a full disk, and neither blocks nor throws', async () => {
  // Left open: the output retries without end, and the descriptor's number must not be reused for another file.
  const output = openLogOutput({ fd: openSync('/dev/full', 'w') }, { maxBytes: 10_000, retryMs: 1 })
  writeLines(output, 50)
  expect(output.dropped()).toBe(40)
  await output.drained(20)
  output.writeRest()
  writeLines(output, 1)
  expect(output.dropped()).toBe(41)
})

test('buffers up to the limit for a pipe that nobody reads, and reports the dropped lines when it is read', async () => {
  const { fd, readAll } = pipe()
  const resumed: number[] = []
  const output = openLogOutput({ fd }, { maxBytes: 200_000, onResumed: (dropped) => resumed.push(dropped) })
  writeLines(output, 1_000)
  expect(output.dropped()).toBe(800)
  await output.drained(1)
  let received = ''
  await vi.waitFor(() => {
    received += readAll()
    expect(received.length).toBe(200_000)
  }, PATIENCE)
  await vi.waitFor(() => expect(resumed).toEqual([800]), PATIENCE)
  expect(received).toBe(LINE.repeat(200))
})

test('logs how many lines were dropped', async () => {
  const { fd, readAll } = pipe()
  const { log, output } = openLog({ level: 'info', format: 'json' }, { fd })
  for (let line = 0; line < 3_000; line += 1) {
    log.info({}, LINE)
  }
  const lost = output.dropped()
  expect(lost).toBeGreaterThan(1_000)
  let received = ''
  await vi.waitFor(() => {
    received += readAll()
    expect(received).toContain('log lines were dropped')
  }, PATIENCE)
  expect(JSON.parse(received.trim().split('\n').at(-1) ?? '')).toMatchObject({ level: 40, lines: lost })
})

test('writes readable lines with the same message', async () => {
  const path = join(folder(), 'log')
  const { log, output } = openLog({ level: 'info', format: 'pretty' }, { fd: opened(path, 'a') })
  log.info({ row: 7 }, 'new call 101 -> 102')
  await output.drained(5_000)
  expect(readFileSync(path, 'utf8')).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\].*INFO.*new call 101 -> 102.*7.*\n$/)
})
