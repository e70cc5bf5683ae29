// The environment becomes a configuration, or a list of all problems that shows no secret.

import { describe, expect, test } from 'vitest'
import {
  describeConfig,
  FLEET_SETTINGS,
  type ReadFile,
  readConfig,
  readFleetConfig,
  readSetting,
} from '../../src/config.ts'
import { SETTINGS } from '../../src/settings/settings.ts'

const GOOD = { ARI_USER: 'exporter', ARI_PASSWORD: 's3cret' }

const noFile: ReadFile = () => {
  throw new Error('no such file')
}
const fileWith =
  (content: string): ReadFile =>
  () =>
    content

function problems(environment: Record<string, string>, readFile = noFile): readonly string[] {
  const result = readConfig(environment, readFile)
  return result.ok ? [] : result.problems
}

test('has defaults for everything but the user and the password', () => {
  const result = readConfig(GOOD, noFile)
  expect(result).toEqual({
    ok: true,
    config: {
      ari: {
        url: 'http://127.0.0.1:8088',
        user: 'exporter',
        password: 's3cret',
        ca: null,
        app: 'asterisk-ari-exporter',
        takeover: false,
        detail: 'full',
        queueBytes: 256_000_000,
        questionsPerSecond: 5,
      },
      callLog: { path: './callcenter.db', retentionDays: 0 },
      shipping: {
        ...{ site: null, callLogSink: null, callLogSinkPassword: null },
        ...{ webhookUrl: null, webhookSecret: null, webhookCa: null, webhookEvents: ['answered', 'missed'] },
      },
      calls: { trunks: [], trunkChannels: [], lines: [], maskNumbers: false, labelLimit: 100, phoneLabelLimit: 1000 },
      callback: { country: null, windowMs: 259_200_000 },
      http: {
        host: '127.0.0.1',
        port: 9745,
        webConfigFile: null,
        token: null,
        metricsWithoutAuth: false,
        allowedHosts: [],
      },
      control: { isOn: false, allowed: ['internal', 'national', 'mobile'], context: null },
      links: { sipTrace: null, recording: null },
      log: { level: 'info', format: 'auto', maskNumbers: false },
      process: { stopTimeoutMs: 8_000 },
    },
  })
})

test('is frozen', () => {
  const result = readConfig(GOOD, noFile)
  const config = result.ok ? result.config : {}
  expect([config, ...Object.values(config)].every(Object.isFrozen)).toBe(true)
})

test('reports all problems at once, each with the setting, its value and what to give', () => {
  const found = problems({
    ARI_URL: 'localhost:8088',
    HTTP_PORT: '99999',
    CALL_LOG_RETENTION_DAYS: 'a week',
    HTTP_ALLOWED_HOSTS: 'http://pbx, http://pbx.example',
    LOG_LEVEL: 'loud',
    ARI_APP_TAKEOVER: 'maybe',
    ARI_EVENTS: 'some',
    ARI_APP: 'two words',
  })
  expect(found.map((problem) => problem.split(' ')[0]).sort()).toEqual([
    'ARI_APP',
    'ARI_APP_TAKEOVER',
    'ARI_EVENTS',
    'ARI_PASSWORD',
    'ARI_URL',
    'ARI_USER',
    'CALL_LOG_RETENTION_DAYS',
    'HTTP_ALLOWED_HOSTS',
    'HTTP_PORT',
    'LOG_LEVEL',
  ])
  expect(found).toContain('ARI_USER is not set: give the name of a user in Asterisk’s ari.conf')
  expect(found).toContain('HTTP_PORT is "99999": give a whole number from 1 to 65535')
  expect(found.join('\n')).toContain('LOG_LEVEL is "loud": give one of: fatal, error')
})

test('takes an empty setting as not set', () => {
  const result = readConfig({ ...GOOD, HTTP_PORT: '', TRUNKS: '  ' }, noFile)
  expect(result.ok && [result.config.http.port, result.config.calls.trunks]).toEqual([9745, []])
})

test('reads one setting without the others', () => {
  expect(readSetting({}, SETTINGS.callLog.path)).toBe('./callcenter.db')
  expect(readSetting({ TRUNKS: 'trunk-*, carrier-? ,' }, SETTINGS.calls.trunks)).toEqual(['trunk-*', 'carrier-?'])
})

test('reads the channels of trunks, and refuses what is no such list', () => {
  const channels = readSetting({ TRUNK_CHANNELS: 'trunk-a=30, 74951234567 = 1,' }, SETTINGS.calls.trunkChannels)
  expect(channels).toEqual([
    { trunk: 'trunk-a', channels: 30 },
    { trunk: '74951234567', channels: 1 },
  ])
  const wrong = [
    'trunk-a',
    'trunk-a=',
    '=30',
    'trunk-a=0',
    'trunk-a=-1',
    'trunk-a=1.5',
    'a=ten',
    'a=1000000',
    'a=1,b=2,a=1',
  ]
  for (const text of wrong) {
    expect(problems({ ...GOOD, TRUNK_CHANNELS: text })).toEqual([
      `TRUNK_CHANNELS is "${text}": give each trunk once with its number of channels, from 1 to 100000, such as trunk-a=30,trunk-b=10`,
    ])
  }
})

describe('the central call log', () => {
  const sink = (url: string) => problems({ ...GOOD, CALL_LOG_SINK: url })

  test.each([
    'postgres://exporter@db.example.org/calls',
    'postgresql://exporter@db:6432/calls?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem',
    'postgres:///calls?host=/var/run/postgresql&user=exporter',
  ])('may be %s', (url) => {
    const result = readConfig({ ...GOOD, CALL_LOG_SINK: url, CALL_LOG_SINK_PASSWORD_FILE: '/p' }, fileWith('hunter2\n'))
    expect(result.ok && result.config.shipping).toMatchObject({
      site: null,
      callLogSink: url,
      callLogSinkPassword: 'hunter2',
    })
  })

  test.each([
    'postgres://exporter:hunter2@db/calls',
    'postgres://exporter:hunt/er2@db/calls',
    'postgres://exporter:hunt@er2@db/calls',
    'postgres://exporter@db/calls?password=hunter2',
    'mysql://exporter@db/calls',
    'postgres://exporter@db',
    'postgres://db/calls',
    'db.example.org',
  ])('is not %s, and no password is shown', (url) => {
    expect(sink(url)).toEqual([expect.stringContaining('CALL_LOG_SINK_PASSWORD_FILE names')])
    expect([...sink(url), ...describeConfig({ ...GOOD, CALL_LOG_SINK: url })].join()).not.toMatch(/hunt|er2/)
  })

  test.each(['sslmode=prefer', 'sslmode=verify_full', 'sslmode=', 'sslrootcerts=ca.pem', 'connect_timeout=3'])(
    'has no parameter %s, which would leave out what it is for',
    (parameter) => {
      expect(sink(`postgres://exporter@db/calls?${parameter}`)).toEqual([
        expect.stringContaining('and sslmode one of disable, require, verify-ca, verify-full'),
      ])
    },
  )
})

describe('TLS to the central call log is not left out silently', () => {
  const sink = (parameters: string) =>
    problems({ ...GOOD, CALL_LOG_SINK: `postgres://exporter@db/calls?${parameters}` })

  test.each(['sslrootcert=/ca.pem', 'sslmode=disable&sslcert=/c&sslkey=/k', 'sslrootcert=system'])(
    '%s',
    (parameters) => {
      expect(sink(parameters)).toEqual([expect.stringContaining('with sslmode=verify-full: ssl')])
    },
  )

  test.each(['require', 'verify-ca'])('certificates of everybody need the host name: %s', (mode) => {
    expect(sink(`sslmode=${mode}&sslrootcert=system`)).toEqual([
      expect.stringContaining('with sslmode=verify-full: without it'),
    ])
  })

  test('verify-full takes them', () => expect(sink('sslmode=verify-full&sslrootcert=system')).toEqual([]))
})

describe('the webhook', () => {
  const SECRET = '0123456789abcdef'

  test.each(['https://crm.example.org/calls?token=hunter2', 'http://127.0.0.1:8080', ' https://[::1]/x '])(
    'may be %s, which is never shown',
    (url) => {
      const environment = {
        ...GOOD,
        WEBHOOK_URL: url,
        WEBHOOK_SECRET_FILE: '/s',
        WEBHOOK_EVENTS: 'ended, missed,ended',
      }
      const result = readConfig(environment, fileWith(`${SECRET}\n`))
      expect(result.ok && result.config.shipping).toMatchObject({
        webhookUrl: url.trim(),
        webhookSecret: SECRET,
        webhookEvents: ['missed', 'ended'],
      })
      expect(describeConfig(environment)).toContain('WEBHOOK_URL=(set)')
    },
  )

  test.each(['https://user:hunter2@crm/x', 'https://hunter2@crm/x', 'ftp://crm/hunter2', 'crm.example.org/hunter2'])(
    'is not %s, and nothing of it is shown',
    (url) => {
      const found = problems({ ...GOOD, WEBHOOK_URL: url })
      expect(found).toEqual([
        expect.stringMatching(/^WEBHOOK_URL is wrong: give an http or https address without user/),
      ])
      expect([...found, ...describeConfig({ ...GOOD, WEBHOOK_URL: url })].join()).not.toContain('hunter2')
    },
  )

  test.each([
    ['missed,answred', 'instead of answred'],
    ['all', 'instead of all'],
    ['call', 'instead of call'],
    [' , ', 'separated by commas'],
  ])('WEBHOOK_EVENTS=%s is a problem', (text, said) => {
    const [problem = '', ...further] = problems({ ...GOOD, WEBHOOK_EVENTS: text })
    expect(problem).toMatch(/give some of answered, missed, ended, missed_caller_opened, missed_caller_closed, /)
    expect(problem).toMatch(new RegExp(`${said}$`))
    expect(further).toEqual([])
  })

  test.each([
    ['short', 'shorter than 16 characters'],
    [' \n', 'shorter than 16 characters'],
    [`${SECRET}\n${SECRET}`, 'several lines'],
  ])('a secret %j is a problem, which does not show it', (content, said) => {
    const result = readConfig({ ...GOOD, WEBHOOK_SECRET_FILE: '/s' }, fileWith(content))
    expect(result.ok ? [] : result.problems).toEqual([expect.stringMatching(`WEBHOOK_SECRET_FILE .*${said}.*openssl`)])
    expect(JSON.stringify(result)).not.toContain(SECRET)
  })
})

test.each([
  ['berlin', 'berlin'],
  ['Bad Orb 2', 'Bad Orb 2'],
  ['', null],
  ['-x', undefined],
  ['a"b', undefined],
  ['x'.repeat(64), undefined],
])('SITE=%s is read as %j', (text, site) => {
  expect(SETTINGS.shipping.site.shape.safeParse(text).data).toEqual(site)
})

describe('the password', () => {
  test('may be the first line of a file', () => {
    const result = readConfig({ ARI_USER: 'u', ARI_PASSWORD_FILE: '/run/secrets/ari' }, () => 'from file\nrest\n')
    expect(result.ok && result.config.ari.password).toBe('from file')
  })

  test('keeps the spaces around it', () => {
    const result = readConfig({ ...GOOD, ARI_PASSWORD: ' s3cret ' }, noFile)
    expect(result.ok && result.config.ari.password).toBe(' s3cret ')
  })

  test.each([
    [{}, noFile, 'ARI_PASSWORD is not set: give the password of the ARI user'],
    [{ ARI_PASSWORD: 'a', ARI_PASSWORD_FILE: 'b' }, fileWith('b'), 'ARI_PASSWORD and ARI_PASSWORD_FILE are both set'],
    [{ ARI_PASSWORD_FILE: '/nowhere' }, noFile, 'ARI_PASSWORD_FILE names a file that cannot be read'],
    [{ ARI_PASSWORD_FILE: '/empty' }, fileWith('\n'), 'ARI_PASSWORD_FILE names "/empty", whose first line is empty'],
  ])('is refused as %j', (environment, readFile, text) => {
    expect(problems({ ARI_USER: 'u', ...environment }, readFile)).toEqual([expect.stringContaining(text)])
  })

  test('is shown nowhere, not even as part of an address or in place of its file', () => {
    const inAddress = { ...GOOD, ARI_URL: 'http://me:hunter2@pbx:8088' }
    const inPlaceOfFile = problems({ ARI_USER: 'u', ARI_PASSWORD_FILE: 'hunter2' })
    const shown = [...problems(inAddress), ...describeConfig(inAddress), ...inPlaceOfFile].join('\n')
    expect(shown).toContain('ARI_PASSWORD=(set)')
    expect(shown).not.toMatch(/s3cret|hunter2/)
  })
})

describe('ARI_CA_FILE', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n'
  const given = { ...GOOD, ARI_CA_FILE: 'ca.pem' }

  test('is read', () => {
    const result = readConfig(given, () => pem)
    expect(result.ok && result.config.ari.ca).toBe(pem)
  })

  test('is refused if it cannot be read or contains no certificate', () => {
    expect(problems(given)).toEqual([
      'ARI_CA_FILE names "ca.pem", which cannot be read: check the path and the permissions',
    ])
    expect(problems(given, () => 'a key')).toEqual([
      'ARI_CA_FILE names "ca.pem", which contains no certificate in PEM format',
    ])
  })
})

describe('HTTP_BEARER_TOKEN_FILE', () => {
  const given = { ...GOOD, HTTP_BEARER_TOKEN_FILE: '/run/secrets/token' }

  test('is read without the white space around the token', () => {
    const result = readConfig(given, () => ' abcdefghij0123456789\n')
    expect(result.ok && result.config.http.token).toBe('abcdefghij0123456789')
  })

  test.each([
    ['', 'which is empty'],
    ['two tokens-in-one-file', 'contains white space'],
    ['line-one-of-the-file\nline-two-of-the-file', 'contains white space'],
    ['snowman-snowman-☃', 'characters that an HTTP header cannot carry'],
    ['short-token', 'shorter than 16 characters'],
  ])('is refused with the content %j, which is not shown', (content, message) => {
    const found = problems(given, () => content)
    expect(found).toEqual([expect.stringContaining(message)])
    if (content !== '') {
      expect(found.join()).not.toContain(content.slice(0, 8))
    }
  })

  test('is not repeated if it cannot be read, because it may be the token itself', () => {
    const found = problems({ ...GOOD, HTTP_BEARER_TOKEN_FILE: 'abcdefghij0123456789' })
    expect(found).toEqual([
      'HTTP_BEARER_TOKEN_FILE names a file that cannot be read: check the path and the permissions',
    ])
  })
})

describe('SIP_TRACE_URL and RECORDING_URL', () => {
  test.each([
    ['SIP_TRACE_URL', 'https://homer.example.org/search?id={call_id}&from={start}'],
    ['SIP_TRACE_URL', 'http://10.0.0.5:9080/#/call/{call_id}'],
    ['RECORDING_URL', 'https://rec.example.org/{file}?from={start}'],
    ['RECORDING_URL', 'HTTPS://rec.example.org?p={path}'],
  ])('%s may be %s', (name, template) => {
    const result = readConfig({ ...GOOD, [name]: template }, noFile)
    expect(result.ok && Object.values(result.config.links)).toContain(template)
  })

  const start = (needed: string) =>
    `an http or https address without credentials, and without placeholders in the name of the host, such as https://www.example.org/?id=${needed}`
  test.each([
    ['SIP_TRACE_URL', 'javascript:alert({call_id})', start('{call_id}')],
    ['SIP_TRACE_URL', 'file:///traces/{call_id}', start('{call_id}')],
    ['SIP_TRACE_URL', 'homer.example.org/{call_id}', start('{call_id}')],
    ['SIP_TRACE_URL', 'https://{call_id}/', start('{call_id}')],
    ['SIP_TRACE_URL', 'https://{call_id}.example.org/', start('{call_id}')],
    ['SIP_TRACE_URL', 'https:/{call_id}', start('{call_id}')],
    ['SIP_TRACE_URL', 'https:\\\\{call_id}', start('{call_id}')],
    ['RECORDING_URL', 'https://rec.example.org:{file}/', start('{file}')],
    ['RECORDING_URL', 'https://[::1/{file}', start('{file}')],
    [
      'SIP_TRACE_URL',
      'https://homer/?id={callid}',
      '{call_id} or {start} instead of {callid}; a brace that is none of these is %7B or %7D',
    ],
    [
      'RECORDING_URL',
      'https://rec/{call_id}{',
      '{file} or {path} or {start} instead of {call_id} {; a brace that is none of these is %7B or %7D',
    ],
    ['SIP_TRACE_URL', 'https://homer/?at={start}', 'an address with {call_id}'],
    ['RECORDING_URL', 'https://rec/', 'an address with {file} or {path}'],
  ])('%s may not be %s', (name, template, wanted) => {
    expect(problems({ ...GOOD, [name]: template })).toEqual([`${name} is "${template}": give ${wanted}`])
  })

  test('show no credentials', () => {
    const inAddress = { ...GOOD, SIP_TRACE_URL: 'https://user:s3cret@homer/{call_id}' }
    expect(problems(inAddress)).toEqual([
      `SIP_TRACE_URL is "https://(hidden)@homer/{call_id}": give ${start('{call_id}')}`,
    ])
    expect(describeConfig(inAddress).join('\n')).not.toContain('s3cret@')
  })
})

describe('a fleet', () => {
  const FLEET = { CALL_LOG_SINK: 'postgres://reader@db.example.org/calls' }
  const TOKEN = 'a-token-of-the-exporters'
  const fleetProblems = (environment: Record<string, string>, readFile = noFile): readonly string[] => {
    const result = readFleetConfig(environment, readFile)
    return result.ok ? [] : result.problems
  }

  test('needs only the central call log, and nothing of Asterisk', () => {
    const result = readFleetConfig(FLEET, noFile)
    expect(result.ok && result.config).toMatchObject({
      shipping: { callLogSink: 'postgres://reader@db.example.org/calls', callLogSinkPassword: null },
      fleet: { nodes: [], token: null, ca: null },
      http: { port: 9745 },
    })
    expect(result.ok && Object.keys(result.config).sort()).toEqual(Object.keys(FLEET_SETTINGS).sort())
    expect(fleetProblems({ ...FLEET, ARI_URL: 'nonsense', DB_PATH: '' })).toEqual([])
    expect(fleetProblems({})).toEqual([
      expect.stringContaining('CALL_LOG_SINK is not set: give the address of the central call log, such as'),
    ])
    expect(fleetProblems({ HTTP_PORT: 'x' })).toHaveLength(2)
  })

  test('is not stopped by what only an exporter needs of the sinks', () => {
    const ofExporters = { SITE: ' a\n b', WEBHOOK_URL: 'nonsense', WEBHOOK_EVENTS: 'x', WEBHOOK_CA_FILE: '/none' }
    expect(fleetProblems({ ...FLEET, ...ofExporters })).toEqual([])
    const named = describeConfig({ ...FLEET, ...ofExporters }, FLEET_SETTINGS).map((line) => line.split('=')[0] ?? '')
    expect(named.filter((name) => name in ofExporters)).toEqual([])
    expect(named).toEqual(expect.arrayContaining(['CALL_LOG_SINK', 'CALL_LOG_SINK_PASSWORD_FILE']))
  })

  test('is described by its own settings, without secrets', () => {
    const lines = describeConfig({ ...FLEET, FLEET_NODES_TOKEN_FILE: '/run/token' }, FLEET_SETTINGS)
    expect(lines).toContain('FLEET_NODES=(not set)')
    expect(lines.filter((line) => /^(ARI|DB)_/.test(line))).toEqual([])
    expect(describeConfig(GOOD).filter((line) => line.startsWith('FLEET_'))).toEqual([])
  })

  test('reads the addresses of its nodes, and their token', () => {
    const nodes = 'https://pbx1.example.org:9745/, http://10.0.0.2/telemetry,'
    const given = { ...FLEET, FLEET_NODES: nodes, FLEET_NODES_TOKEN_FILE: '/run/token' }
    const result = readFleetConfig(given, () => `${TOKEN}\n`)
    expect(result.ok && result.config.fleet).toEqual({
      nodes: ['https://pbx1.example.org:9745', 'http://10.0.0.2/telemetry'],
      token: TOKEN,
      ca: null,
    })
  })

  test.each([
    'pbx1.example.org:9745',
    'ftp://pbx1',
    'https://pbx1/?a=1',
    'https://pbx1/#a',
    'https://pbx1,https://pbx1/',
    'https://me:hunter2@pbx1,https://me:hunter2@pbx2',
  ])('has no node %s, and shows no password', (nodes) => {
    const found = fleetProblems({ ...FLEET, FLEET_NODES: nodes })
    expect(found).toEqual([expect.stringMatching(/^FLEET_NODES is ".*": give the addresses of exporters/)])
    expect(found.join()).not.toContain('hunter2')
  })
})
