// What follows from endpoints and from a call log, without an Asterisk; and how the report is laid out.

import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../../src/calllog/file/open.ts'
import type { AsteriskFound } from '../../../../src/cli/doctor/asterisk.ts'
import { asteriskFindings } from '../../../../src/cli/doctor/asteriskFindings.ts'
import { readCallLog } from '../../../../src/cli/doctor/callLogFindings.ts'
import { endpointFindings } from '../../../../src/cli/doctor/endpointFindings.ts'
import { fault, faultOf, hasFault, ok, reportOf, warning } from '../../../../src/cli/doctor/finding.ts'
import type { EndpointWithRole } from '../../../../src/query/endpointFields.ts'

const PHONE: EndpointWithRole = {
  endpoint: '101',
  technology: 'PJSIP',
  state: 'online',
  lastState: 'online',
  roundTripMs: null,
  role: 'phone',
  decidedBy: 'configuration',
  certainty: 'sure',
  reasons: ['registers'],
}

const AUTO = { trunks: [], trunkChannels: [] }

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'doctor-log-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A call log with calls of these directions, closed. */
function callLog(directions: readonly string[] = []): string {
  const path = join(folder(), 'calls.db')
  const { db, lock } = openDatabase(path)
  const columns = db
    .prepare<[], { name: string; notnull: number; type: string; pk: number }>(
      "SELECT * FROM pragma_table_info('calls')",
    )
    .all()
    .filter(({ notnull, pk }) => notnull === 1 && pk === 0)
  const names = columns.map(({ name }) => name).join(', ')
  const values = columns.map(({ name, type }) => (name === 'direction' ? '?' : type === 'TEXT' ? "''" : '0')).join(', ')
  const insert = db.prepare(`INSERT INTO calls (${names}) VALUES (${values})`)
  for (const direction of directions) {
    insert.run(direction)
  }
  db.close()
  lock.close()
  return path
}

function textOf(findings: Parameters<typeof reportOf>[0]): string {
  return reportOf(findings).replace(/\n +/g, ' ')
}

const FOUND: AsteriskFound = {
  info: { version: '20.5.0', entityId: 'pbx', startedAt: Date.UTC(2026, 0, 31, 8) },
  mayWrite: true,
  clockAheadMs: 0,
  modules: new Map([
    ['chan_pjsip', true],
    ['chan_sip', true],
    ['chan_dahdi', true],
    ['app_queue', null],
  ]),
  endpoints: [],
  channels: 2,
  isAppTaken: false,
  events: { seconds: 10, count: 3, ofChannels: 0, queues: [], problem: null },
}

const ARI = { url: 'http://pbx:8088/ari', user: 'u', app: 'a', hasTrunks: false }

test('other technologies matter only if TRUNKS does not say which endpoints are trunks', () => {
  const text = textOf(asteriskFindings(FOUND, ARI, false))
  expect(text).toMatch(
    /^ok +Asterisk +Asterisk 20\.5\.0 at http:\/\/pbx:8088\/ari, id pbx, started 2026-01-31 08:00:00 UTC$/m,
  )
  expect(text).toMatch(/^note +module +chan_sip, chan_dahdi: of this technology, names decide .* -> set TRUNKS/m)
  expect(text).toMatch(/^note +module +Asterisk does not tell of: app_queue -> /m)
  expect(text).toMatch(/^note +events +3 in 10 s, 0 of them about calls; 2 channels existed before -> /m)
  expect(textOf(asteriskFindings(FOUND, { ...ARI, hasTrunks: true }, false))).not.toContain('chan_dahdi:')
})

test.each([
  [90_000, /^warning +clock +this machine's clock is 90 s ahead of that of Asterisk: .* -> set both clocks by NTP/m],
  [-90_400, /^warning +clock +this machine's clock is 90 s behind that of Asterisk: /m],
  [1_900, /^ok +clock +/m],
  [null, /^note +clock +Asterisk does not tell its time/m],
])('a clock that is %s ms ahead', (clockAheadMs, line) => {
  expect(textOf(asteriskFindings({ ...FOUND, clockAheadMs }, ARI, false))).toMatch(line)
})

test('an event socket that cannot be opened is a fault', () => {
  const problem = 'Asterisk at http://pbx refuses the event socket (HTTP 404): check ARI_URL, and that it is loaded'
  const events = { seconds: 10, count: 0, ofChannels: 0, queues: [], problem }
  const findings = asteriskFindings({ ...FOUND, events }, ARI, false)
  expect(hasFault(findings)).toBe(true)
  expect(textOf(findings)).toMatch(/^FAULT +events +Asterisk at http:\/\/pbx refuses .*404\) -> check ARI_URL/m)
})

test('an endpoint whose role is doubtful, or known by name only, is warned about', () => {
  const text = textOf(
    endpointFindings(
      [
        PHONE,
        { ...PHONE, endpoint: 'door', certainty: 'doubtful', reasons: ['fixed_contact', 'registers_openly'] },
        { ...PHONE, endpoint: 'gw', technology: 'SIP', role: 'trunk', decidedBy: 'name', reasons: [] },
      ],
      AUTO,
    ),
  )
  expect(text).toMatch(/^ok +endpoints +3: 2 PJSIP, 1 SIP; 3 online/m)
  expect(text).toMatch(
    /^warning +phones +door counts as a phone, but it is doubtful: it is called at a fixed address;/m,
  )
  expect(text).toMatch(/^warning +endpoints +of 1, only the name tells .*: gw -> set TRUNKS/m)
})

test('a trunk whose name is only digits, and one that is offline', () => {
  const trunk = { ...PHONE, endpoint: '74951234567', role: 'trunk', reasons: ['registers_out'] } as const
  const text = textOf(endpointFindings([PHONE, { ...trunk, state: 'offline' }], AUTO))
  expect(text).toMatch(/^warning +trunk +PJSIP\/74951234567, offline: the PBX registers there -> check/m)
  expect(text).toMatch(/^note +trunk +the name is only digits: 74951234567;/m)
})

test('no trunk, no endpoint, no answer', () => {
  expect(textOf(endpointFindings([PHONE], AUTO))).toMatch(/^warning +trunk +no endpoint is a trunk: .* -> set TRUNKS/m)
  expect(textOf(endpointFindings([], AUTO))).toMatch(/^note +endpoints +Asterisk has none/m)
  expect(textOf(endpointFindings(null, AUTO))).toMatch(/^warning +endpoints +Asterisk does not tell/m)
})

test('a call log is read without a change to its folder', () => {
  const path = callLog(['inbound', 'internal'])
  const before = readFileSync(path)
  expect(textOf(readCallLog(path).findings)).toMatch(/^ok +call log +of the latest 2 calls, 1 came in on a trunk$/m)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(join(path, '..')).toSorted()).toEqual(['calls.db', 'calls.db-lock'])
})

test('many calls of which none came in are warned about, few are not', () => {
  const internal = (count: number) => Array.from({ length: count }, () => 'internal')
  expect(textOf(readCallLog(callLog(internal(30))).findings)).toMatch(
    /^warning +call log +none of the latest 30 calls came in on a trunk -> if calls do come in, set TRUNKS/m,
  )
  expect(textOf(readCallLog(callLog(internal(5))).findings)).not.toContain('warning ')
})

test('the calls of a running exporter are read, and that it runs', () => {
  const path = callLog()
  const { db, lock } = openDatabase(path)
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  const { findings, file } = readCallLog(path)
  expect(file?.isInUse).toBe(true)
  expect(textOf(findings)).toContain('in use by a running exporter')
})

test('an older schema is told and not migrated; a newer or foreign database is a fault', () => {
  const path = callLog()
  const withVersion = (version: number, applicationId?: number): string => {
    const copy = join(folder(), 'calls.db')
    copyFileSync(path, copy)
    const db = new Database(copy)
    db.pragma(`user_version = ${version}`)
    if (applicationId !== undefined) {
      db.pragma(`application_id = ${applicationId}`)
    }
    db.close()
    return copy
  }
  const older = withVersion(9)
  expect(textOf(readCallLog(older).findings)).toMatch(/schema version 9; the exporter migrates it to version \d+/)
  const db = new Database(older, { readonly: true })
  expect(db.pragma('user_version', { simple: true })).toBe(9)
  db.close()
  expect(textOf(readCallLog(withVersion(999)).findings)).toMatch(/^FAULT +call log .* schema version 999, of a newer/m)
  expect(textOf(readCallLog(withVersion(1, 7)).findings)).toMatch(/^FAULT +call log .* of another program/m)
})

test('a call log that is not there is not made; a folder that is not there is a fault', () => {
  const path = join(folder(), 'calls.db')
  expect(hasFault(readCallLog(path).findings)).toBe(false)
  expect(existsSync(path)).toBe(false)
  expect(textOf(readCallLog(join(path, 'x', 'calls.db')).findings)).toMatch(
    /^FAULT +call log +DB_PATH ".*": its folder does not exist -> create the folder or set DB_PATH/m,
  )
})

test('the report is aligned, and shows no character that controls a terminal', () => {
  const report = reportOf([
    ok('one', 'fine'),
    warning('two', 'doubtful \u001b[31m', 'mend it'),
    fault('three', 'broken', 'mend this first'),
  ])
  expect(report.split('\n')).toEqual([
    'ok       one           fine',
    'warning  two           doubtful \\u001b[31m',
    '                       -> mend it',
    'FAULT    three         broken',
    '                       -> mend this first',
    '',
    'Must be mended: 1; warnings: 1, notes: 0',
  ])
})

test('an error message is split into what is wrong and what to do', () => {
  expect(faultOf('a', 'DB_PATH "x": its folder does not exist; create it')).toEqual(
    fault('a', 'DB_PATH "x": its folder does not exist', 'create it'),
  )
  expect(faultOf('a', 'no answer at http://h:1/ari (X): check it')).toEqual(
    fault('a', 'no answer at http://h:1/ari (X)', 'check it'),
  )
})
