// Calls and legs for the tests of the call log, and a log in a temporary folder.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Logger, pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { CallFact, CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { isOffered } from '../../../src/call/outcome/disposition.ts'
import {
  type CallLogDependencies,
  type CallLogOptions,
  type OpenedCallLog,
  openCallLog,
} from '../../../src/calllog/callLog.ts'
import type { WriteErrorReason } from '../../../src/calllog/file/writeError.ts'
import {
  CALL_COLUMNS,
  type CallWrite,
  callRow,
  LEG_COLUMNS,
  type LegWrite,
  legRow,
  type Row,
} from '../../../src/calllog/writer/recordToRow.ts'
import type { SqlValue } from '../../../src/query/fields.ts'

// The writer thread is started a hundred times: the compile cache strips its types once. It inherits this environment.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')

/** 2026-03-04 05:06:07.089 UTC. */
export const T0 = Date.UTC(2026, 2, 4, 5, 6, 7, 89)

/** Of a saved state: nobody was ever missed. */
export const NO_MISSED_CALLERS = {
  missedCallers: { lastId: 0, waiting: [], calls: [], legs: [] },
  numberSecret: '',
  logId: '',
}

export function sampleCall(changes: Partial<CallRecord> = {}): CallRecord {
  const { disposition = null, direction = 'internal', missed = false } = changes
  return {
    channelId: '1772600767.1',
    caller: '101',
    callee: '102',
    callerName: 'Alice',
    callerEndpoint: '101',
    callerRole: 'phone',
    originated: false,
    direction: 'internal',
    directionSettled: true,
    startedAt: T0,
    ringingAt: null,
    answeredAt: null,
    endedAt: null,
    durationMs: 0,
    ringMs: null,
    answerDelayMs: null,
    holdMs: 0,
    state: 'setup',
    disposition: null,
    missed: false,
    offered: disposition !== null && isOffered(disposition, direction, missed),
    cause: null,
    causeText: null,
    causeClass: null,
    hungUpBy: null,
    queue: null,
    queueEnteredAt: null,
    queueWaitMs: null,
    answeredBy: [],
    trunk: null,
    line: null,
    destination: null,
    transfers: 0,
    accountCode: '',
    context: 'internal',
    quality: null,
    voice: null,
    voiceProblem: null,
    mergedInto: null,
    sipCallId: null,
    recording: null,
    ...changes,
  }
}

export function endedCall(changes: Partial<CallRecord> = {}): CallRecord {
  return sampleCall({
    ringingAt: T0 + 100,
    answeredAt: T0 + 2100,
    endedAt: T0 + 27_222,
    durationMs: 25_122,
    ringMs: 2000,
    answerDelayMs: 2100,
    disposition: 'answered',
    cause: 16,
    causeText: 'Normal Clearing',
    causeClass: 'normal',
    hungUpBy: 'caller',
    answeredBy: ['102'],
    ...changes,
  })
}

export function sampleLeg(changes: Partial<LegRecord> = {}): LegRecord {
  return {
    id: '1772600767.2',
    callId: '1772600767.1',
    channelId: '1772600767.2',
    endpoint: '102',
    endpointRole: 'phone',
    role: 'callee',
    dialed: '102',
    destination: null,
    direction: 'internal',
    startedAt: T0 + 50,
    progressAt: null,
    ringingAt: null,
    answeredAt: null,
    endedAt: null,
    talkMs: 0,
    result: null,
    cause: null,
    quality: null,
    voiceProblem: null,
    sipCallId: null,
    ...changes,
  }
}

export function started(changes: Partial<CallRecord> = {}, at = T0): CallFact {
  return { type: 'CallStarted', at, call: sampleCall(changes) }
}

export function ended(changes: Partial<CallRecord> = {}, at = T0 + 27_222): CallFact {
  return { type: 'CallEnded', at, call: endedCall(changes) }
}

/** Path of a database that does not exist yet, in a folder that is removed after the test. */
export function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calllog-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'calls.db')
}

export interface TestLog extends OpenedCallLog {
  readonly errors: WriteErrorReason[]
  readonly writes: number[]
  readonly lines: Record<string, unknown>[]
}

/** An open log that is closed when the test ends. */
export async function openLog(
  path: string,
  {
    spawn,
    node,
    clock,
    ...options
  }: Partial<CallLogOptions> & Pick<CallLogDependencies, 'spawn' | 'node' | 'clock'> = {},
): Promise<TestLog> {
  const errors: WriteErrorReason[] = []
  const writes: number[] = []
  const { log, lines } = capturedLog()
  const opened = await openCallLog(
    { path, retentionDays: 0, ...options },
    {
      log,
      onWrite: (seconds) => writes.push(seconds),
      onWriteError: (reason) => errors.push(reason),
      ...(spawn === undefined ? {} : { spawn }),
      ...(node === undefined ? {} : { node }),
      ...(clock === undefined ? {} : { clock }),
    },
  )
  onTestFinished(async () => void (await opened.callLog.close()))
  return { ...opened, errors, writes, lines }
}

function capturedLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) })
  return { log, lines }
}

/** All rows of a query, through a separate connection. */
export function query(path: string, sql: string): Record<string, unknown>[] {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare<[], Record<string, unknown>>(sql).all()
  } finally {
    db.close()
  }
}

/** The row of a call by column, as SQLite returns it. */
export function storedCall(write: CallWrite): Readonly<Record<string, SqlValue>> {
  // Written when somebody calls back, not with the call.
  return { ...byColumn(CALL_COLUMNS, callRow(write)), returned_by: null, returned_after: null }
}

/** The row of a leg by column, without `call_start_time`. */
export function storedLeg(write: LegWrite): Readonly<Record<string, SqlValue>> {
  return byColumn(LEG_COLUMNS, legRow(write))
}

function byColumn(columns: readonly string[], values: Row): Readonly<Record<string, SqlValue>> {
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]))
}
