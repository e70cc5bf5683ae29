// Who is let in, over real sockets and with real bcrypt.

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

async function closed(credentials: { users?: ReadonlyMap<string, string>; token?: string }, sources = {}) {
  const web = { tls: null, headers: new Map(), users: credentials.users ?? new Map() }
  const server = await serve(sources, { web, token: credentials.token ?? null })
  open.push(server)
  return server
}

describe('with a password', () => {
  test('the right one opens everything, as often as it is shown', async () => {
    const { url, security } = await closed({ users })
    for (const path of ['/', '/metrics', '/metrics']) {
      expect((await ask(url + path, { headers: basic('alice', PASSWORD) })).status).toBe(200)
    }
    expect((await ask(`${url}/nowhere`, { headers: basic('alice', PASSWORD) })).status).toBe(404)
    expect(security).toEqual({ tls: false, access: ['password'] })
  })

  test('hashes of other makers are understood', async () => {
    const made = [...users.values()].map((hash) => hash.replace('$2b$', '$2y$'))
    const { url } = await closed({ users: new Map([['bob', made[0] ?? '']]) })
    expect((await ask(url, { headers: basic('bob', PASSWORD) })).status).toBe(200)
  })

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['the scheme alone', { authorization: 'Basic' }],
    ['no base64', { authorization: 'Basic ???' }],
    ['no colon', { authorization: `Basic ${Buffer.from('alice').toString('base64')}` }],
    ['a wrong password', basic('alice', 'wrong')],
    ['an empty password', basic('alice', '')],
    ['the hash itself', basic('alice', users.get('alice') ?? '')],
    ['the password of another', basic('bob', PASSWORD)],
    ['a name of every object', basic('__proto__', PASSWORD)],
    ['another scheme', { authorization: `Digest ${TOKEN}` }],
    ['a bearer token', { authorization: `Bearer ${TOKEN}` }],
  ])('%s is a 401 that says how to ask, with the headers of every answer', async (_name, headers) => {
    const { url } = await closed({ users })
    for (const path of ['/', '/metrics', '/nowhere']) {
      const answer = await ask(url + path, { headers })
      expect([answer.status, answer.text]).toEqual([401, 'credentials are needed\n'])
      expect(answer.headers['www-authenticate']).toBe('Basic realm="asterisk-ari-exporter", charset="UTF-8"')
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    }
  })

  test('health and readiness stay open, to request alone', async () => {
    const { url } = await closed({ users, token: TOKEN })
    expect((await ask(`${url}/-/healthy`)).status).toBe(200)
    expect((await ask(`${url}/-/ready`)).status).toBe(200)
    expect((await fetch(`${url}/-/healthy`, { method: 'POST' })).status).toBe(401)
    for (const path of ['/-/', '/-/other', '//-/healthy/../metrics', '/-/healthy/../../metrics', '/%2d/../metrics']) {
      expect([path, (await ask(url, { path })).status]).toEqual([path, 401])
    }
  })

  test('a flood of guesses stops neither the loop nor who is known', async () => {
    const slow = new Map([['alice', hashSync(PASSWORD, 10)]])
    const { url } = await closed({ users: slow })
    const known = () => ask(`${url}/metrics`, { headers: basic('alice', PASSWORD) })
    expect((await known()).status).toBe(200)
    let answered = 0
    const flood = Array.from({ length: 60 }, async (_, i) => {
      const { status, headers } = await ask(url, { headers: basic('alice', `guess ${i}`) })
      answered++
      return `${status} ${headers['retry-after'] ?? '-'}`
    })
    // A check takes tens of milliseconds and 16 of them wait: whoever is known does not stand behind them.
    for (let i = 0; i < 5; i++) {
      expect((await known()).status).toBe(200)
    }
    expect((await ask(`${url}/-/healthy`)).status).toBe(200)
    expect(answered).toBeLessThan(60)
    const answers = await Promise.all(flood)
    expect(new Set(answers)).toEqual(new Set(['401 -', '503 1']))
  })
})

describe('with a token', () => {
  test('it opens, whatever the case of the scheme; nothing near it does', async () => {
    const { url, security } = await closed({ token: TOKEN })
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

  test('beside passwords, either will do, and both are offered', async () => {
    const { url } = await closed({ users, token: TOKEN })
    expect((await ask(url, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200)
    expect((await ask(url, { headers: basic('alice', PASSWORD) })).status).toBe(200)
    expect((await ask(url)).headers['www-authenticate']).toBe(
      'Basic realm="asterisk-ari-exporter", charset="UTF-8", Bearer realm="asterisk-ari-exporter"',
    )
  })
})

describe('what is said at the start', () => {
  const warnings = async (host: string, token: string | null): Promise<readonly string[]> => {
    const said: string[] = []
    const log = {
      info: () => {},
      error: () => {},
      warn: (fields: object, text: string) => said.push(JSON.stringify(fields) + text),
    }
    open.push(await serve({ log }, { host, token }))
    return said
  }

  test('passwords that cross the network in clear text are warned of, without being shown', async () => {
    expect(await warnings('0.0.0.0', TOKEN)).toEqual([expect.stringContaining('cross the network in clear text')])
    expect((await warnings('0.0.0.0', TOKEN)).join()).not.toContain(TOKEN)
    expect(await warnings('127.0.0.1', TOKEN)).toEqual([])
  })

  test('so is an address that others can reach without showing anything', async () => {
    expect(await warnings('0.0.0.0', null)).toEqual([expect.stringContaining('can read all calls')])
    expect(await warnings('127.0.0.1', null)).toEqual([])
    expect(await warnings('::1', null)).toEqual([])
  })
})

test('failed log-ins are counted and said at once, then once a minute; who shows nothing has not failed', async () => {
  let failed = 0
  const said: string[] = []
  const log = {
    info: () => {},
    error: () => {},
    warn: (fields: object, text: string) => said.push(JSON.stringify(fields) + text),
  }
  const { url } = await closed({ users, token: TOKEN }, { loginFailed: () => (failed += 1), log })
  expect((await ask(url)).status).toBe(401)
  expect([failed, said]).toEqual([0, []])
  for (const headers of [basic('alice', 'guess'), basic('mallory', PASSWORD), { authorization: 'Bearer guess' }]) {
    for (const path of ['/metrics', '/api/live']) {
      expect((await ask(url + path, { headers })).status).toBe(401)
    }
  }
  expect((await ask(url, { headers: basic('alice', PASSWORD) })).status).toBe(200)
  expect(failed).toBe(6)
  expect(said).toEqual(['{"failures":1}log-ins over HTTP failed: wrong passwords or tokens'])
})

test('the thread of bcrypt answers, and is started again after it ended', async () => {
  const bcrypt = createBcrypt()
  const [hash = ''] = users.values()
  expect(await bcrypt.matches({ password: PASSWORD, hash })).toBe(true)
  expect(await bcrypt.matches({ password: 'other', hash })).toBe(false)
  const dear = hash.replace('$04$', '$14$')
  const cut = expect(bcrypt.matches({ password: 'other', hash: dear })).rejects.toThrow('ended')
  await bcrypt.stop()
  await cut
  expect(await bcrypt.matches({ password: PASSWORD, hash })).toBe(true)
  await bcrypt.stop()
})
