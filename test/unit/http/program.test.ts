// The program with TLS and passwords: an invalid file ends it before it listens, and no output contains a secret.

import { readFileSync } from 'node:fs'
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually, freePort, get, type Program, runProgram, startProgram } from '../../system/program/program.ts'
import { freshFolder, isInstalled, makePair, writeInto } from './certificates.ts'
import { ask, basic } from './request.ts'

const OPENSSL = isInstalled('openssl', 'version')
const PASSWORD = 'password-of-the-test'
const TOKEN = 'token-of-the-test-0123456789'
const HASH = hashSync(PASSWORD, 4)
const ARI = { ARI_URL: 'http://127.0.0.1:1', ARI_USER: 'u', ARI_PASSWORD: 'ari-password' }

const running: Program[] = []

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
})

test('an invalid file ends the program with 78 and every problem, before it listens', async () => {
  const folder = freshFolder()
  const port = await freePort()
  const web = writeInto(folder, 'web.yml', `basic_auth_users:\n  alice: ${PASSWORD}\nextra: ${TOKEN}\n`)
  const program = startProgram([], {
    ...ARI,
    HTTP_PORT: String(port),
    WEB_CONFIG_FILE: web,
    HTTP_BEARER_TOKEN_FILE: TOKEN,
  })
  running.push(program)
  expect(await program.ended).toBe(78)
  expect((await get(port, '/-/healthy')).status).toBe(0)
  expect(program.output().trim().split('\n')).toEqual([
    expect.stringContaining('HTTP_BEARER_TOKEN_FILE names a file that cannot be read'),
    expect.stringContaining('basic_auth_users.alice: give a bcrypt hash'),
    expect.stringContaining('extra: unknown key'),
  ])
  expect(program.output()).not.toMatch(/of-the-test|starting/)
})

describe.skipIf(!OPENSSL)('with TLS, a user and a token', () => {
  const folder = freshFolder()
  const server = OPENSSL ? makePair(folder, 'server') : { cert: '', key: '' }
  const settings = {
    ...ARI,
    LOG_LEVEL: 'trace',
    LOG_FORMAT: 'json',
    WEB_CONFIG_FILE: writeInto(
      folder,
      'web.yml',
      `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\nbasic_auth_users:\n  alice: ${HASH}\n`,
    ),
    HTTP_BEARER_TOKEN_FILE: writeInto(folder, 'token', `${TOKEN}\n`),
  }
  const secrets = () => [
    PASSWORD,
    HASH,
    HASH.slice(7),
    TOKEN,
    ...readFileSync(server.key, 'utf8').split('\n').slice(1, 3),
  ]

  test('--check-config accepts the settings and prints only the paths', async () => {
    const { code, output } = await runProgram(['--check-config'], settings)
    expect(code).toBe(0)
    expect(output).toContain(`WEB_CONFIG_FILE=${settings.WEB_CONFIG_FILE}`)
    for (const secret of secrets()) {
      expect(output).not.toContain(secret)
    }
  })

  test('serves with TLS and passwords, and the log at level trace contains no secret', async () => {
    const port = await freePort()
    const program = startProgram([], { ...settings, HTTP_PORT: String(port) })
    running.push(program)
    const url = `https://127.0.0.1:${port}`
    const ca = readFileSync(server.cert)
    await eventually(
      () => ask(`${url}/-/healthy`, { ca }).catch(() => null),
      (answer) => answer?.status === 200,
    )
    expect((await ask(`${url}/metrics`, { ca })).status).toBe(401)
    expect((await ask(`${url}/metrics`, { ca, headers: basic('alice', 'guess-of-somebody') })).status).toBe(401)
    for (const headers of [basic('alice', PASSWORD), { authorization: `Bearer ${TOKEN}` }]) {
      const answer = await ask(`${url}/metrics`, { ca, headers })
      expect(answer.status).toBe(200)
      for (const secret of secrets()) {
        expect(answer.text).not.toContain(secret)
      }
    }
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(program.output()).toContain('"tls":true,"access":["password","token"]')
    for (const secret of [...secrets(), 'guess-of-somebody']) {
      expect(program.output()).not.toContain(secret)
    }
  })
})
