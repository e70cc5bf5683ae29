// `--doctor` against a simulated Asterisk: each stock case leads to a line that says what to do, and nothing is changed.

import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readOptions } from '../../../../src/app/exporterOptions.ts'
import { createSession } from '../../../../src/ari/session.ts'
import { examine } from '../../../../src/cli/doctor/doctor.ts'
import { type Finding, hasFault, reportOf } from '../../../../src/cli/doctor/finding.ts'
import { type PbxOptions, startPbx } from '../../../../src/pbx-sim/pbx.ts'
import { freshFolder as certificateFolder, isInstalled, makePair } from '../../http/certificates.ts'

const USER = 'exporter'
const READER = 'reader'
const PASSWORD = 'secret-9'

/** At a call every 20 ms, some are certain within this time. */
const BUSY_MS = 600
const CALL_EVERY_MS = 20

const QUIET_MS = 50

async function pbx(options: Partial<PbxOptions> = {}) {
  const started = await startPbx({ user: USER, password: PASSWORD, readOnlyUser: READER, ...options })
  onTestFinished(started.stop)
  return started
}

interface Examined {
  readonly findings: readonly Finding[]
  readonly report: string
}

/** What `--doctor` prints with these settings; nothing may be in the folder of the call log afterwards. */
async function doctor(settings: Readonly<Record<string, string>>, listenMs = QUIET_MS): Promise<Examined> {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const result = readOptions(
    {
      ARI_USER: USER,
      ARI_PASSWORD: PASSWORD,
      DB_PATH: join(folder, 'calls.db'),
      HTTP_PORT: String(await freePort()),
      ...settings,
    },
    (path) => readFileSync(path, 'utf8'),
  )
  if (!result.ok) {
    throw new Error(result.problems.join('\n'))
  }
  const findings = await examine({ config: result.options, configured: ['ARI_PASSWORD=(set)'], listenMs })
  expect(readdirSync(folder)).toEqual([])
  const report = reportOf(findings)
  expect(report).not.toContain(PASSWORD)
  // An indented line goes on with the finding above.
  return { findings, report: report.replace(/\n +/g, ' ') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

test('all is well: no fault, and what Asterisk tells', async () => {
  const { url, listeners, place } = await pbx({ speed: 20 })
  const calling = setInterval(() => place('queue-abandoned', { queue: 'support' }), CALL_EVERY_MS)
  onTestFinished(() => clearInterval(calling))
  const settings = { COUNTRY: 'FI', LINES: '5550101=Sales', TRUNK_CHANNELS: 'trunk-a=30' }
  const { findings, report } = await doctor({ ARI_URL: url, ...settings }, BUSY_MS)
  expect(hasFault(findings)).toBe(false)
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  expect(report).toMatch(/^ok +Asterisk +Asterisk 22\.10\.1 at http:\/\/127\.0\.0\.1:\d+\/ari, id 02:fc/m)
  expect(report).toMatch(/^ok +ARI user +exporter may read and write$/m)
  expect(report).toMatch(/^ok +clock +the clocks of this machine and of Asterisk agree/m)
  expect(report).toMatch(/^ok +module +running: .*app_queue/m)
  expect(report).toMatch(/^ok +events +[1-9]\d* in 1 s, [1-9]\d* of them about calls/m)
  expect(report).toMatch(/^ok +trunk +PJSIP\/trunk-a, online: the PBX logs in there/m)
  expect(report).toMatch(/^ok +phones +20: 101, 102/m)
  expect(report).toMatch(/^ok +call log +.* does not exist yet/m)
  expect(report).toMatch(/^ok +HTTP +port \d+ is free on 127\.0\.0\.1$/m)
  expect(report).toMatch(/^ok +queues +support$/m)
  expect(report).toContain('Nothing must be mended; warnings: 0, notes: 0')
  await expect.poll(listeners).toBe(0)
})

test('a wrong password is a fault that names the settings', async () => {
  const { url } = await pbx()
  const { findings, report } = await doctor({ ARI_URL: url, ARI_PASSWORD: 'wrong' })
  expect(hasFault(findings)).toBe(true)
  expect(report).toMatch(/^FAULT +Asterisk .*does not accept the user or the password \(HTTP 401\) -> check ARI_USER/m)
  expect(report).toMatch(/^ok +HTTP /m)
})

test('a wrong path is answered with the address at which ARI answers', async () => {
  const { url } = await pbx()
  const { findings, report } = await doctor({ ARI_URL: `${url}/pbx` })
  expect(hasFault(findings)).toBe(true)
  expect(report).toMatch(
    new RegExp(`^FAULT +Asterisk +ARI does not answer at ${url}/pbx/ari, but at ${url} -> set ARI_URL=${url} `, 'm'),
  )
})

test('ARI that is off is a fault that names http.conf', async () => {
  const { findings, report } = await doctor({ ARI_URL: `http://127.0.0.1:${await freePort()}` })
  expect(hasFault(findings)).toBe(true)
  expect(report).toMatch(/^FAULT +Asterisk .*\(ECONNREFUSED\) -> check ARI_URL.*enabled=yes in http\.conf/m)
})

test('without queues, chan_pjsip and the rest: which figures stay empty, and why', async () => {
  const missingModules = ['app_queue.so', 'chan_pjsip.so', 'app_voicemail.so', 'res_prometheus.so', 'func_strings.so']
  const { url } = await pbx({ missingModules })
  const { findings, report } = await doctor({ ARI_URL: url })
  expect(hasFault(findings)).toBe(false)
  expect(report).toMatch(/^note +events +0 in 0 s, .* -> make a call while --doctor runs/m)
  expect(report).toMatch(/^note +module +chan_pjsip does not run: names decide .* -> set TRUNKS/m)
  expect(report).toMatch(/^note +module +func_strings does not run/m)
  expect(report).toMatch(
    /^note +figures +board Queues \(asterisk_queue_callers_waiting, .*app_queue does not run -> load/m,
  )
  expect(report).toMatch(/^note +figures +board Voice quality: empty, because chan_pjsip does not run/m)
  expect(report).toMatch(/^note +figures +registrations of trunks: .* -> load res_prometheus/m)
  expect(report).toMatch(/^note +figures +.*COUNTRY is not set -> set COUNTRY/m)
})

test('app_queue without a queue that anybody entered', async () => {
  const { url } = await pbx()
  const { report } = await doctor({ ARI_URL: url })
  expect(report).toMatch(/^note +figures +board Queues .*no queue is known -> wait/m)
})

test('modules without which no event arrives are faults', async () => {
  const { url } = await pbx({ missingModules: ['res_stasis.so', 'res_http_websocket.so'] })
  const { findings, report } = await doctor({ ARI_URL: url })
  expect(hasFault(findings)).toBe(true)
  expect(report).toMatch(/^FAULT +module +res_http_websocket does not run/m)
  expect(report).toMatch(/^FAULT +module +res_stasis does not run/m)
})

test('a user who may only read is warned about, and nobody listens to everything', async () => {
  const { url, listeners } = await pbx()
  const { findings, report } = await doctor({ ARI_URL: url, ARI_USER: READER })
  expect(hasFault(findings)).toBe(false)
  expect(report).toMatch(/^warning +ARI user +reader may only read: .* -> set read_only = no/m)
  expect(report).toMatch(/^note +events +not listened for/m)
  expect(report).toMatch(/^ok +trunk +PJSIP\/trunk-a/m)
  expect(listeners()).toBe(0)
})

test('a running exporter keeps its application and its session', async () => {
  const { url, listeners } = await pbx()
  const disconnects: string[] = []
  const ari = { url, user: USER, password: PASSWORD, app: 'asterisk-ari-exporter', takeover: false }
  const session = createSession({ ...ari, detail: 'full', queueBytes: 1_000_000 }, { log: pino({ level: 'silent' }) })
  onTestFinished(session.stop)
  session.start({
    onEvent: () => undefined,
    onMalformed: () => undefined,
    onDisconnect: (reason) => void disconnects.push(reason),
  })
  await expect.poll(() => session.status().phase).toBe('in_sync')
  const exporter = createHttpServer((_request, response) => response.end('healthy\n'))
  const port = await listening(exporter)
  onTestFinished(() => void exporter.close())
  const { findings, report } = await doctor({ ARI_URL: url, HTTP_PORT: String(port) })
  expect(hasFault(findings)).toBe(false)
  expect(report).toMatch(/^ok +HTTP +an exporter answers at port \d+ of 127\.0\.0\.1$/m)
  expect(report).toMatch(/^ok +ARI_APP +the name asterisk-ari-exporter has a listener: the running exporter$/m)
  expect([session.status().phase, disconnects]).toEqual(['in_sync', []])
  await expect.poll(listeners).toBe(1)
  const elsewhere = await doctor({ ARI_URL: url })
  expect(elsewhere.report).toMatch(/^warning +ARI_APP +the name asterisk-ari-exporter has a listener, and no exporter/m)
})

test('its own name, which Asterisk 16 keeps after each run, is used again', async () => {
  const { url } = await pbx()
  const address = `${url.replace('http', 'ws')}/ari/events?app=asterisk-ari-exporter-doctor&api_key=${USER}:${PASSWORD}`
  const kept = new WebSocket(address)
  onTestFinished(() => kept.close())
  await once(kept, 'open')
  const { findings, report } = await doctor({ ARI_URL: url })
  expect(hasFault(findings)).toBe(false)
  expect(report).toMatch(/^note +events +0 in 0 s/m)
})

test('settings that name no endpoint are warned about', async () => {
  const { url } = await pbx()
  const { report } = await doctor({ ARI_URL: url, TRUNKS: 'trunk-a,carrier-*', TRUNK_CHANNELS: 'trunk-b=10' })
  expect(report).toMatch(/^ok +trunk +PJSIP\/trunk-a, online: TRUNKS says so$/m)
  expect(report).toMatch(/^warning +TRUNKS +carrier-\* fits no endpoint/m)
  expect(report).toMatch(/^warning +TRUNK_CHANNELS +trunk-b is no trunk/m)
})

test('a port that another program has is a fault', async () => {
  const { url } = await pbx()
  const other = createServer((socket) => socket.destroy())
  const port = await listening(other)
  onTestFinished(() => void other.close())
  const { findings, report } = await doctor({ ARI_URL: url, HTTP_PORT: String(port) })
  expect(hasFault(findings)).toBe(true)
  expect(report).toMatch(
    /^FAULT +HTTP +HTTP_PORT=\d+ is in use on 127\.0\.0\.1 by another program -> stop that program/m,
  )
})

test.skipIf(!isInstalled('openssl', 'version'))(
  'a certificate of its own is a fault that names what helps',
  async () => {
    const { cert, key } = makePair(certificateFolder(), 'pbx')
    const server = createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) })
    const port = await listening(server)
    onTestFinished(() => void server.close())
    const { findings, report } = await doctor({ ARI_URL: `https://127.0.0.1:${port}` })
    expect(hasFault(findings)).toBe(true)
    expect(report).toMatch(/^FAULT +Asterisk .*is not trusted .* -> set ARI_CA_FILE \(or NODE_EXTRA_CA_CERTS\)/m)
  },
)
