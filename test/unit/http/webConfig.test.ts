// The web configuration file: which files are accepted, that promtool accepts them too, and the problems of all others.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { compareSync, hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import { readWebConfig, type WebConfig } from '../../../src/http/webconfig/webConfig.ts'
import { encryptedKey, freshFolder, isInstalled, makePair, writeInto } from './certificates.ts'

const PROMTOOL = isInstalled('promtool', '--version')
const OPENSSL = isInstalled('openssl', 'version')

const HASH = hashSync('correct horse', 4)
const FOLDER = freshFolder()
const read = (path: string): string => readFileSync(path, 'utf8')

if (OPENSSL) {
  const server = makePair(FOLDER, 'server')
  makePair(FOLDER, 'other')
  encryptedKey(FOLDER, server)
}
writeInto(FOLDER, 'empty.pem', '')

const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n'

function parse(text: string) {
  return readWebConfig(writeInto(FOLDER, 'web.yml', text), read)
}

function accepted(text: string): WebConfig {
  const result = parse(text)
  if (!result.ok) {
    throw new Error(result.problems.join('\n'))
  }
  return result.web
}

function problems(text: string): readonly string[] {
  const result = parse(text)
  return result.ok ? [] : result.problems
}

const PLAIN: Readonly<Record<string, string>> = {
  nothing: '',
  'a comment': '# nothing yet\n',
  'empty sections': 'tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n',
  users: `basic_auth_users:\n  alice: ${HASH}\n  no: '${HASH.replace('$2b$', '$2y$')}'\n  1001: ${HASH.replace('$2b$', '$2a$')}\n  __proto__: ${HASH}\n`,
  headers:
    'http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: sameorigin\n    X-Content-Type-Options: nosniff\n' +
    "    X-XSS-Protection: '1'\n    Content-Security-Policy: default-src 'self'\n    Strict-Transport-Security: ''\n",
}

const WITH_TLS: Readonly<Record<string, string>> = {
  TLS,
  'TLS with absolute paths': TLS.replace('server.crt', `${FOLDER}/server.crt`),
  'client certificates': `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: other.crt\n`,
  'every key of TLS':
    `${TLS}  client_auth_type: RequestClientCert\n  client_ca_file: other.crt\n  min_version: TLS12\n  max_version: TLS13\n` +
    '  prefer_server_cipher_suites: false\n  curve_preferences: [CurveP256, X25519]\n' +
    '  cipher_suites:\n    - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n    - TLS_AES_128_GCM_SHA256\n',
  everything: `${TLS}http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=31536000\nbasic_auth_users:\n  bob: ${HASH}\n`,
}

describe('promtool accepts the accepted files:', () => {
  const examples = Object.entries({ ...PLAIN, ...(OPENSSL ? WITH_TLS : {}) })
  test.each(examples)('%s', (name, text) => {
    expect(problems(text)).toEqual([])
    if (!PROMTOOL) {
      return
    }
    const path = writeInto(FOLDER, `${name.replaceAll(' ', '-')}.yml`, text)
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'web-config', path], { encoding: 'utf8' })
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
  })
})

describe('an accepted file', () => {
  test('without content means plain HTTP without passwords', () => {
    expect(accepted('')).toEqual({ tls: null, headers: new Map(), users: new Map() })
  })

  test('has users with names that look like other YAML types', () => {
    const { users } = accepted(PLAIN['users'] ?? '')
    expect([...users.keys()].sort()).toEqual(['1001', '__proto__', 'alice', 'no'])
    expect(users.get('alice')).toBe(HASH)
  })

  test('keeps an empty header, which is then not sent', () => {
    expect(accepted(PLAIN['headers'] ?? '').headers.get('Strict-Transport-Security')).toBe('')
  })

  test.skipIf(!OPENSSL)(
    'resolves paths from its own folder and has Node’s names of versions, ciphers and curves',
    () => {
      expect(accepted(TLS).tls).toEqual({
        certFile: `${FOLDER}/server.crt`,
        keyFile: `${FOLDER}/server.key`,
        clientCaFile: null,
        clientAuth: 'NoClientCert',
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        ciphers: null,
        curves: null,
        preferServerCiphers: true,
      })
      expect(accepted(`${WITH_TLS['every key of TLS']}`).tls).toMatchObject({
        clientCaFile: `${FOLDER}/other.crt`,
        ciphers: expect.stringMatching(/^ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_/),
        curves: 'P-256:X25519',
        preferServerCiphers: false,
      })
    },
  )
})

describe('a problem has its key and the remedy:', () => {
  test('several problems at once', () => {
    const found = problems(
      'tls_server_config:\n  cert_fil: x\n  min_version: TLS10\n  client_auth_type: Maybe\n  cipher_suites: [RC4]\n  client_allowed_sans: [a]\n' +
        'http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: ALLOW\n    Server: me\n' +
        'basic_auth_users:\n  alice: plain\n  a:b: c\nrate_limit:\n  burst: 1\nusers: x\n',
    )
    expect(found.map((line) => line.split(': ')[0]).sort()).toEqual(
      [
        'basic_auth_users.a:b',
        'basic_auth_users.a:b',
        'basic_auth_users.alice',
        'http_server_config.headers.Server',
        'http_server_config.headers.X-Frame-Options',
        'http_server_config.http2',
        'rate_limit',
        'tls_server_config.cert_fil',
        'tls_server_config.cipher_suites.0',
        'tls_server_config.client_allowed_sans',
        'tls_server_config.client_auth_type',
        'tls_server_config.min_version',
        'users',
      ].sort(),
    )
    expect(found.join('\n')).toContain('tls_server_config.min_version: give TLS12 or TLS13')
    expect(found.join('\n')).toContain('users: unknown key: remove it; known keys are tls_server_config,')
    expect(found.join('\n')).toContain('http_server_config.headers.X-Frame-Options: give one of deny, sameorigin')
  })

  test.each([
    ['a list', '- a\n', 'the whole file: give keys and values'],
    ['a scalar', 'tls\n', 'the whole file: give keys and values'],
    ['a section that is a scalar', 'basic_auth_users: alice\n', 'basic_auth_users: give keys and values'],
    ['a key twice', 'basic_auth_users:\nbasic_auth_users:\n', 'line 1 or below: not valid YAML (DUPLICATE_KEY)'],
    ['invalid YAML', 'a: [\n', 'not valid YAML'],
    ['two documents', 'a: b\n---\nc: d\n', 'not valid YAML (MULTIPLE_DOCS)'],
    ['a hash with a high cost', `basic_auth_users:\n  a: ${HASH.replace('$04$', '$20$')}\n`, 'a cost from 4 to 16'],
    ['a hash cut short', `basic_auth_users:\n  a: ${HASH.slice(0, -1)}\n`, 'basic_auth_users.a: give a bcrypt hash'],
    ['a user without a hash', 'basic_auth_users:\n  a:\n', 'basic_auth_users.a: give a bcrypt hash'],
    ['a user with a list', 'basic_auth_users:\n  a: [b]\n', 'basic_auth_users.a: give a bcrypt hash'],
    [
      'a header of two lines',
      'http_server_config:\n  headers:\n    X-XSS-Protection: "a\\nb"\n',
      'X-XSS-Protection: give one line',
    ],
    [
      'HSTS without TLS',
      'http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=1\n',
      'has no effect without tls_server_config',
    ],
    ['a missing certificate', 'tls_server_config:\n  min_version: TLS12\n', 'cert_file: is missing'],
    [
      'a missing file',
      'tls_server_config:\n  cert_file: gone.crt\n  key_file: gone.key\n',
      `key_file: ${FOLDER}/gone.key cannot be read`,
    ],
    [
      'an empty file',
      'tls_server_config:\n  cert_file: empty.pem\n  key_file: empty.pem\n',
      'cert_file: give a file with a certificate',
    ],
  ])('%s', (_name, text, message) => {
    expect(problems(text).join('\n')).toContain(message)
  })

  test.skipIf(!OPENSSL).each([
    [
      'the key of another certificate',
      TLS.replace('server.key', 'other.key'),
      'key_file: is not the key of the certificate',
    ],
    [
      'an encrypted key',
      TLS.replace('server.key', 'encrypted.key'),
      'key_file: give a file with a private key in PEM that needs no password',
    ],
    [
      'certificate and key exchanged',
      TLS.replace('server.crt', 'x').replace('server.key', 'server.crt').replace('x', 'server.key'),
      'cert_file: give a file with a certificate',
    ],
    [
      'a minimum version above the maximum',
      `${TLS}  min_version: TLS13\n  max_version: TLS12\n`,
      'max_version: is below min_version',
    ],
    [
      'a client CA without client_auth_type',
      `${TLS}  client_ca_file: other.crt\n`,
      'client_auth_type: is missing beside client_ca_file',
    ],
    [
      'client_auth_type without a client CA',
      `${TLS}  client_auth_type: RequireAndVerifyClientCert\n`,
      'client_ca_file: is missing',
    ],
    [
      'a client CA file without a certificate',
      `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: server.key\n`,
      'client_ca_file: give a file with certificates',
    ],
    [
      'a certificate in the file itself',
      'tls_server_config:\n  cert: x\n',
      'cert: is not supported here: put the certificate into a file',
    ],
  ])('%s', (_name, text, message) => {
    expect(problems(text).join('\n')).toContain(message)
  })

  test('a file that cannot be read', () => {
    expect(readWebConfig(`${FOLDER}/nowhere.yml`, read)).toEqual({
      ok: false,
      problems: ['cannot be read: check the path and who may read it'],
    })
  })

  test('aliases that expand without end are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++) {
      lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}*a${i - 1}]`)
    }
    expect(problems(lines.join('\n')).join()).toContain('aliases cannot be resolved')
  })
})

test('no problem contains a secret, wherever it is in the file', () => {
  const secret = 'hunter2-hunter2'
  const pem = '-----BEGIN PRIVATE KEY-----'
  for (const text of [
    `basic_auth_users: ${secret}\n`,
    `basic_auth_users:\n  alice: ${secret}\n`,
    `basic_auth_users:\n  alice: "${secret}\n`,
    `basic_auth_users:\n  alice: ${secret}\n  alice: ${secret}\n`,
    `basic_auth_users:\n  alice: *${secret}\n`,
    `basic_auth_users:\n  alice:${secret}\n`,
    `basic_auth_users:\n  alice: {${secret}: x}\n`,
    `tls_server_config:\n  key_file: |\n    ${pem}\n    ${secret}\n`,
    `tls_server_config:\n  key: |\n    ${pem}\n    ${secret}\n`,
    `tls_server_config:\n  min_version: ${secret}\n  client_auth_type: ${secret}\n  cipher_suites: [${secret}]\n`,
    `http_server_config:\n  http2: ${secret}\n  headers: ${secret}\n`,
    `!!${secret} a: b: c\n`,
  ]) {
    const found = problems(text).join('\n')
    expect(found).not.toBe('')
    expect(found).not.toContain(secret)
    expect(found).not.toContain(pem)
  }
  const swapped = problems(`basic_auth_users:\n  "${HASH}": alice\n`).join()
  expect(swapped).toContain('basic_auth_users.(hidden)')
  expect(swapped).not.toContain(HASH.slice(7, 20))
})

test.skipIf(!OPENSSL)('the example in src/http/README.md is valid, and its hash belongs to its password', () => {
  const readme = read(new URL('../../../src/http/README.md', import.meta.url).pathname)
  const example = /```yaml\n(tls_server_config:[^`]*)```/.exec(readme)?.[1] ?? ''
  const web = accepted(example.replaceAll('exporter.', 'server.'))
  const [, password = ''] = /-u prometheus:(\S+)/.exec(readme) ?? []
  expect(compareSync(password, web.users.get('prometheus') ?? '')).toBe(true)
})
