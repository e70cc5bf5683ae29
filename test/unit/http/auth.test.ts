// Authentication over real sockets and with real bcrypt.

import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import { createBcrypt } from '../../../src/http/auth/bcrypt.ts'
import { ask, basic } from './request.ts'
import { serve } from './testServer.ts'

const PASSWORD = 'correct horse: bättery'
const TOKEN = 'c2VjcmV0LXRva2VuLW9mLXRoZS10ZXN0cw=='
const users = new Map([['alice', hashSync(PASSWORD, 4)]])

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

async function started(credentials: { users?: ReadonlyMap<string, string>; token?: string }, dependencies = {}) {
  const web = { tls: null, headers: new Map(), users: credentials.users ?? new Map() }
  const server = await serve(dependencies, { web, token: credentials.token ?? null })
  open.push(server)
  return server
}

describe('with a password', () => {
  test('the right one is accepted for every path, each time', async () => {
    const { url, security } = await started({ users })
    for (const path of ['/', '/metrics', '/metrics']) {
      expect((await ask(url + path, { headers: basic('alice', PASSWORD) })).status).toBe(200)
    }
    expect((await ask(`${url}/nowhere`, { headers: basic('alice', PASSWORD) })).status).toBe(404)
    expect(security).toEqual({ tls: false, access: ['password'] })
  })

  test('accepts hashes of other bcrypt implementations', async () => {
    const hashes = [...users.values()].map((hash) => hash.replace('$2b$', '$2y$'))
    const { url } = await started({ users: new Map([['bob', hashes[0] ?? '']]) })
    expect((await ask(url, { headers: basic('bob', PASSWORD) })).status).toBe(200)
  })

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['the scheme alone', { authorization: 'Basic' }],
    ['invalid base64', { authorization: 'Basic ???' }],
    ['no colon', { authorization: `Basic ${Buffer.from('alice').toString('base64')}` }],
    ['a wrong password', basic('alice', 'wrong')],
    ['an empty password', basic('alice', '')],
    ['the hash as password', basic('alice', users.get('alice') ?? '')],
    ['the password of another user', basic('bob', PASSWORD)],
    ['a user named __proto__', basic('__proto__', PASSWORD)],
    ['another scheme', { authorization: `Digest ${TOKEN}` }],
    ['a bearer token', { authorization: `Bearer ${TOKEN}` }],
  ])('%s is answered with a 401 with a challenge and the security headers', async (_name, headers) => {
    const { url } = await started({ users })
    for (const path of ['/', '/metrics', '/nowhere']) {
      const answer = await ask(url + path, { headers })
      expect([answer.status, answer.text]).toEqual([401, 'credentials are needed\n'])
      expect(answer.headers['www-authenticate']).toBe('Basic realm="asterisk-ari-exporter", charset="UTF-8"')
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    }
    for (const path of ['/api/calls', '/api/nothing', '/api', '/API/calls', '/api?x']) {
      const answer = await ask(url + path, { headers })
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 401, 'application/problem+json'])
      expect(answer.headers['www-authenticate']).toBe('Basic realm="asterisk-ari-exporter", charset="UTF-8"')
      expect(JSON.parse(answer.text)).toMatchObject({ title: 'Unauthorized', detail: 'credentials are needed' })
    }
  })

  test('health and readiness need no credentials; no similar path does without', async () => {
    const { url } = await started({ users, token: TOKEN })
    expect((await ask(`${url}/-/healthy`)).status).toBe(200)
    expect((await ask(`${url}/-/ready`)).status).toBe(200)
    expect((await fetch(`${url}/-/healthy`, { method: 'POST' })).status).toBe(401)
    for (const path of ['/-/', '/-/other', '//-/healthy/../metrics', '/-/healthy/../../metrics', '/%2d/../metrics']) {
      expect([path, (await ask(url, { path })).status]).toEqual([path, 401])
    }
  })

  test('many wrong passwords block neither the event loop nor users who are logged in', async () => {
    const slow = new Map([['alice', hashSync(PASSWORD, 10)]])
    const { url } = await started({ users: slow })
    const loggedIn = () => ask(`${url}/metrics`, { headers: basic('alice', PASSWORD) })
    expect((await loggedIn()).status).toBe(200)
    let answered = 0
    const flood = Array.from({ length: 60 }, async (_, i) => {
      const { status, headers } = await ask(url, { headers: basic('alice', `guess ${i}`) })
      answered++
      return `${status} ${headers['retry-after'] ?? '-'}`
    })
    // A check takes tens of milliseconds and 16 wait; a cached password is not queued behind them.
    for (let i = 0; i < 5; i++) {
      expect((await loggedIn()).status).toBe(200)
    }
    expect((await ask(`${url}/-/healthy`)).status).toBe(200)
    expect(answered).toBeLessThan(60)
    const answers = await Promise.all(flood)
    expect(new Set(answers)).toEqual(new Set(['401 -', '503 1']))
  })
})

describe('with a token', () => {
  test('accepts the token with the scheme in any case, and nothing similar to it', async () => {
    const { url, security } = await started({ token: TOKEN })
    expect(security.access).toEqual(['token'])
    for (const authorization of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN}`]) {
      expect((await ask(`${url}/metrics`, { headers: { authorization } })).status).toBe(200)
    }
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN}=`,
      `Bearer ${TOKEN.toLowerCase()}`,
      `Bearer ${TOKEN} ${TOKEN}`,
      TOKEN,
      basic('', TOKEN).authorization,
      basic('alice', PASSWORD).authorization,
    ]) {
      const answer = await ask(`${url}/metrics`, { headers: { authorization } })
      expect([authorization, answer.status]).toEqual([authorization, 401])
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="asterisk-ari-exporter"')
    }
  })

  test('accepts a token or a password where both are configured, and challenges for both', async () => {
    const { url } = await started({ users, token: TOKEN })
    expect((await ask(url, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200)
    expect((await ask(url, { headers: basic('alice', PASSWORD) })).status).toBe(200)
    expect((await ask(url)).headers['www-authenticate']).toBe(
      'Basic realm="asterisk-ari-exporter", charset="UTF-8", Bearer realm="asterisk-ari-exporter"',
    )
  })
})

describe('warnings at the start', () => {
  const warnings = async (host: string, token: string | null): Promise<readonly string[]> => {
    const logged: string[] = []
    const log = {
      info: () => {},
      error: () => {},
      warn: (fields: object, text: string) => logged.push(JSON.stringify(fields) + text),
    }
    open.push(await serve({ log }, { host, token }))
    return logged
  }

  test('warns that passwords cross the network in clear text, without showing them', async () => {
    expect(await warnings('0.0.0.0', TOKEN)).toEqual([expect.stringContaining('cross the network in clear text')])
    expect((await warnings('0.0.0.0', TOKEN)).join()).not.toContain(TOKEN)
    expect(await warnings('127.0.0.1', TOKEN)).toEqual([])
  })

  test('warns that other machines can read everything without credentials', async () => {
    expect(await warnings('0.0.0.0', null)).toEqual([expect.stringContaining('can read all calls')])
    expect(await warnings('127.0.0.1', null)).toEqual([])
    expect(await warnings('::1', null)).toEqual([])
  })
})

test('counts failed logins and logs the first at once; a request without credentials is not a failure', async () => {
  let failed = 0
  const logged: string[] = []
  const log = {
    info: () => {},
    error: () => {},
    warn: (fields: object, text: string) => logged.push(JSON.stringify(fields) + text),
  }
  const { url } = await started({ users, token: TOKEN }, { loginFailed: () => (failed += 1), log })
  expect((await ask(url)).status).toBe(401)
  expect([failed, logged]).toEqual([0, []])
  for (const headers of [basic('alice', 'guess'), basic('mallory', PASSWORD), { authorization: 'Bearer guess' }]) {
    for (const path of ['/metrics', '/api/live']) {
      expect((await ask(url + path, { headers })).status).toBe(401)
    }
  }
  expect((await ask(url, { headers: basic('alice', PASSWORD) })).status).toBe(200)
  expect(failed).toBe(6)
  expect(logged).toEqual(['{"failures":1}log-ins over HTTP failed: wrong passwords or tokens'])
})

test('the bcrypt thread answers, and is started again after it ended', async () => {
  const bcrypt = createBcrypt()
  const [hash = ''] = users.values()
  expect(await bcrypt.matches({ password: PASSWORD, hash })).toBe(true)
  expect(await bcrypt.matches({ password: 'other', hash })).toBe(false)
  const expensive = hash.replace('$04$', '$14$')
  const interrupted = expect(bcrypt.matches({ password: 'other', hash: expensive })).rejects.toThrow('ended')
  await bcrypt.stop()
  await interrupted
  expect(await bcrypt.matches({ password: PASSWORD, hash })).toBe(true)
  await bcrypt.stop()
})
