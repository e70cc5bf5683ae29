import { describe, expect, test } from 'vitest'
import { describeConfig, readConfig } from '../../src/config.ts'
import { OPEN_WEB } from '../../src/http/webconfig/webConfig.ts'
import { misspelt } from '../../src/settings/misspelt.ts'

const GOOD = { ARI_USER: 'exporter', ARI_PASSWORD: 's3cret' }

const noFile = (): string => {
  throw new Error('no such file')
}

function problems(environment: Record<string, string>, readFile = noFile): readonly string[] {
  const result = readConfig(environment, readFile)
  return result.ok ? [] : result.problems
}

test('the defaults, with only a user and a password', () => {
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
      },
      callLog: { path: './callcenter.db', retentionDays: 0 },
      stopTimeoutMs: 8_000,
      http: { host: '127.0.0.1', port: 9745, web: OPEN_WEB, token: null, metricsWithoutAuth: false, allowedHosts: [] },
      log: { level: 'info', format: 'auto', maskNumbers: false },
      trunks: [],
      maskNumbers: false,
      labelLimit: 100,
    },
  })
  expect(result.ok && Object.isFrozen(result.config) && Object.isFrozen(result.config.ari)).toBe(true)
})

test('every problem is told at once, each with its name, what it is, and what would be right', () => {
  const told = problems({
    ARI_URL: 'localhost:8088',
    HTTP_PORT: '99999',
    CALL_LOG_RETENTION_DAYS: 'a week',
    LOG_LEVEL: 'loud',
    ARI_APP_TAKEOVER: 'maybe',
    ARI_EVENTS: 'some',
    ARI_APP: 'two words',
  })
  expect(told).toHaveLength(9)
  for (const name of [
    'ARI_URL',
    'ARI_USER',
    'ARI_PASSWORD',
    'HTTP_PORT',
    'CALL_LOG_RETENTION_DAYS',
    'LOG_LEVEL',
    'ARI_APP_TAKEOVER',
    'ARI_EVENTS',
    'ARI_APP',
  ]) {
    expect(told.filter((line) => line.startsWith(`${name} is`))).toHaveLength(1)
  }
  expect(told.join('\n')).toContain('HTTP_PORT is "99999": give a whole number from 1 to 65535')
  expect(told.join('\n')).toContain('LOG_LEVEL is "loud": give one of: fatal, error')
})

test('a setting that is empty counts as not set', () => {
  const result = readConfig({ ...GOOD, HTTP_PORT: '', TRUNKS: '  ' }, noFile)
  expect(result.ok && [result.config.http.port, result.config.trunks]).toEqual([9745, []])
})

test('trunks are a list of globs', () => {
  const result = readConfig({ ...GOOD, TRUNKS: 'trunk-*, carrier-? ,' }, noFile)
  expect(result.ok && result.config.trunks).toEqual(['trunk-*', 'carrier-?'])
})

describe('the password', () => {
  test('may be in a file, whose first line it is', () => {
    const result = readConfig({ ARI_USER: 'u', ARI_PASSWORD_FILE: '/run/secrets/ari' }, () => 'from file\nrest\n')
    expect(result.ok && result.config.ari.password).toBe('from file')
  })

  test.each([
    [{}, noFile, 'ARI_PASSWORD is not set'],
    [{ ARI_PASSWORD: 'a', ARI_PASSWORD_FILE: 'b' }, noFile, 'both set'],
    [{ ARI_PASSWORD_FILE: '/nowhere' }, noFile, 'ARI_PASSWORD_FILE names "/nowhere", which cannot be read'],
    [{ ARI_PASSWORD_FILE: '/empty' }, () => '\n', 'first line is empty'],
  ])('%j is refused', (environment, readFile, text) => {
    expect(problems({ ARI_USER: 'u', ...environment }, readFile).join()).toContain(text)
  })

  test('is shown nowhere, not even when it stands in the address', () => {
    const environment = { ...GOOD, ARI_URL: 'http://me:hunter2@pbx:8088' }
    const shown = [...problems(environment), ...describeConfig(environment)].join('\n')
    expect(shown).toContain('ARI_PASSWORD=(set)')
    expect(shown).not.toMatch(/s3cret|hunter2/)
  })
})

test('a name that looks like a setting and is none is told, whatever else is in the environment is not', () => {
  const ofOthers = {
    PATH: '/bin',
    HTTP_PROXY: 'x',
    DB_HOST: 'x',
    LOGNAME: 'x',
    LOG_DIR: 'x',
    HOME: 'x',
    TRUNK_DIR: 'x',
  }
  expect(misspelt({ ...GOOD, ...ofOthers })).toEqual([])
  expect(misspelt({ ARI_PASWORD: 's3cret', log_level: 'debug', HTTP_PROT: '1', ARI_HOST: 'pbx' })).toEqual([
    'ARI_PASWORD is no setting of this program: did you mean ARI_PASSWORD?',
    'log_level is no setting of this program: did you mean LOG_LEVEL?',
    'HTTP_PROT is no setting of this program: did you mean HTTP_PORT?',
    'ARI_HOST is no setting of this program: see --help',
  ])
  expect(misspelt({ ...GOOD, HTTP_OPEN_METRICS: 'true' })).toEqual([
    'HTTP_OPEN_METRICS has no effect: the setting is now called HTTP_METRICS_WITHOUT_AUTH',
  ])
})

test('ARI_CA_FILE is read, and what is in it must be a certificate', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n'
  const given = { ...GOOD, ARI_CA_FILE: 'ca.pem' }
  const result = readConfig(given, () => pem)
  expect(result.ok && result.config.ari.ca).toBe(pem)
  expect(problems(given)).toEqual([expect.stringContaining('ARI_CA_FILE names "ca.pem", which cannot be read')])
  expect(problems(given, () => 'a key')).toEqual([expect.stringContaining('holds no certificate')])
})
