// Requests that change something: only with CONTROL, with a password or token, as JSON, from a page of this server.

import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { Control, ControlAnswer } from '../../../src/control/control.ts'
import { exporterApi } from '../../../src/http/api/router.ts'
import { OPEN_WEB } from '../../../src/http/webconfig/webConfig.ts'
import { basic } from './request.ts'
import { emptyApi, serve } from './testServer.ts'

const TOKEN = 'c2VjcmV0LXRva2VuLW9mLXRoZS10ZXN0cw=='
const web = { tls: null, headers: new Map(), users: new Map([['anna', hashSync('pass', 4)]]) }
const ANNA = basic('anna', 'pass')
const JSON_TYPE = { 'Content-Type': 'application/json' }
const BODY = JSON.stringify({ from: '101', to: '102' })
const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

function recorder(answer: ControlAnswer = { ok: true, channelId: 'control-1' }) {
  const asked: unknown[] = []
  const control: Control = {
    call: async (request, by) => {
      asked.push({ ...request, ...by })
      return answer
    },
    hangUp: async (channelId, by) => {
      asked.push({ channelId, ...by })
      return answer
    },
  }
  return { control, asked }
}

async function started(control: Control | null, options = {}) {
  const server = await serve({ api: exporterApi(emptyApi({ control })) }, { web, token: TOKEN, ...options })
  open.push(server)
  const send = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body !== undefined && { body }) })
    const text = await answer.text()
    return { status: answer.status, text, headers: answer.headers }
  }
  const call = (headers: Record<string, string> = {}, body = BODY) =>
    send('POST', '/api/calls', { ...ANNA, ...JSON_TYPE, ...headers }, body)
  return { send, call, url: server.url }
}

test('without CONTROL nothing can be changed, whoever asks, and the page does not offer it', async () => {
  const { send, call } = await started(null)
  expect((await call()).status).toBe(405)
  expect((await send('DELETE', '/api/calls/1.1', ANNA)).status).toBe(405)
  expect((await send('GET', '/', ANNA)).text).toContain('<meta name="control" content="off">')
  const { paths } = JSON.parse((await send('GET', '/api/openapi.json', ANNA)).text)
  expect(Object.values(paths).flatMap((operations) => Object.keys(operations ?? {}))).not.toContain('post')
})

test('without any credentials configured nothing can be changed, even if control is wanted', async () => {
  const { control, asked } = recorder()
  const { call, send } = await started(control, { web: OPEN_WEB, token: null })
  expect((await call()).status).toBe(405)
  expect((await send('GET', '/', {})).text).toContain('<meta name="control" content="off">')
  expect(asked).toEqual([])
})

test('another method is answered with those that the path has', async () => {
  const { control, asked } = recorder()
  const { send } = await started(control)
  for (const [method, path, allowed] of [
    ['PUT', 'calls', 'GET, HEAD, POST'],
    ['DELETE', 'calls', 'GET, HEAD, POST'],
    ['OPTIONS', 'calls', 'GET, HEAD, POST'],
    ['POST', 'calls/1.1', 'GET, HEAD, DELETE'],
    ['POST', 'stats', 'GET, HEAD'],
  ] as const) {
    const answer = await send(method, `/api/${path}`, ANNA)
    expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, allowed])
    const named = allowed.split(', ')
    const { problems } = JSON.parse(answer.text)
    expect(problems).toEqual([`only ${named.slice(0, -1).join(', ')} and ${named.at(-1)} are answered`])
  }
  expect((await send('GET', '/api/calls/active', ANNA)).status).toBe(200)
  expect(asked).toEqual([])
})

test('a call is begun for the user of the password or for the token; the page offers it and the document has it', async () => {
  const { control, asked } = recorder()
  const { call, send } = await started(control)
  const begun = await call({ 'Idempotency-Key': 'k-1' })
  expect([begun.status, begun.text]).toEqual([202, '{"channel_id":"control-1"}'])
  expect((await call({ authorization: `Bearer ${TOKEN}` })).status).toBe(202)
  expect(asked).toEqual([
    { from: '101', to: '102', who: 'anna', key: 'k-1' },
    { from: '101', to: '102', who: 'token', key: null },
  ])
  expect((await send('GET', '/', ANNA)).text).toContain('<meta name="control" content="on">')
  const { info, paths, components } = JSON.parse((await send('GET', '/api/openapi.json', ANNA)).text)
  expect(info.description).not.toContain('read-only')
  expect([Object.keys(paths['/api/calls']), Object.keys(paths['/api/calls/{id}'])]).toEqual([
    ['get', 'post'],
    ['get', 'delete'],
  ])
  expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['CallOrder', 'BegunCall']))
})

test('a call is hung up', async () => {
  const { control, asked } = recorder()
  const { send } = await started(control)
  const ended = await send('DELETE', '/api/calls/1700000000.12%2F', ANNA)
  expect([ended.status, ended.text]).toEqual([204, ''])
  expect(asked).toEqual([{ channelId: '1700000000.12/', who: 'anna' }])
})

describe('refused before anything is asked:', () => {
  test.each<[string, Record<string, string>, number]>([
    ['no credentials', { authorization: '' }, 401],
    ['a wrong password', basic('anna', 'x'), 401],
    ['a wrong token', { authorization: 'Bearer x' }, 401],
    ['a page of another origin', { Origin: 'https://elsewhere.example' }, 403],
    ['a page without an origin', { Origin: 'null' }, 403],
    ['a page of another port', { Origin: 'http://127.0.0.1:1' }, 403],
    ['a page that the browser says is another', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a form of text', { 'Content-Type': 'text/plain' }, 415],
    ['something like JSON', { 'Content-Type': 'application/json+x' }, 415],
    ['a key with a space', { 'Idempotency-Key': 'a b' }, 400],
    ['a long key', { 'Idempotency-Key': 'a'.repeat(256) }, 400],
  ])('%s', async (_name, headers, status) => {
    const { control, asked } = recorder()
    const { call } = await started(control)
    const answer = await call(headers)
    expect(answer.status).toBe(status)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(asked).toEqual([])
  })

  test.each([
    ['', 400],
    ['{', 400],
    ['[]', 400],
    ['{"from":"101"}', 400],
    ['{"from":101,"to":"102"}', 400],
    ['{"from":"101","to":"102","context":"x"}', 400],
    ['{"from":"101","to":"102","application":"System"}', 400],
    [JSON.stringify({ from: '101', to: '1'.repeat(5_000) }), 413],
  ])('the body %s', async (body, status) => {
    const { control, asked } = recorder()
    const { call } = await started(control)
    const answer = await call({}, body)
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining('problems')])
    expect(asked).toEqual([])
  })

  test('a hang-up by a page of another origin, and the question of a browser whether it may', async () => {
    const { control, asked } = recorder()
    const { send } = await started(control)
    expect((await send('DELETE', '/api/calls/1.1', { ...ANNA, Origin: 'https://elsewhere.example' })).status).toBe(403)
    const preflight = { ...ANNA, Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'DELETE' }
    const answer = await send('OPTIONS', '/api/calls/1.1', preflight)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(asked).toEqual([])
  })
})

test.each<[Extract<ControlAnswer, { ok: false }>['refusal'], number | null, number, string | null]>([
  ['wrong', null, 400, null],
  ['forbidden', null, 403, null],
  ['not_found', null, 404, null],
  ['conflict', null, 409, null],
  ['too_many', 5_100, 429, '6'],
  ['unavailable', 1_000, 503, '1'],
])('a refusal as %s is answered with %s', async (refusal, afterMs, status, retryAfter) => {
  const { control } = recorder({ ok: false, refusal, problem: 'so it is', afterMs })
  const { call } = await started(control)
  const answer = await call()
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter])
  expect(JSON.parse(answer.text)).toMatchObject({ problems: ['so it is'] })
})

test('a page of this server may, also behind a proxy under a configured name', async () => {
  const { control, asked } = recorder()
  const { call, url } = await started(control, { allowedHosts: ['pbx.example.org'] })
  expect((await call({ Origin: url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(202)
  expect((await call({ Origin: 'https://pbx.example.org' })).status).toBe(202)
  expect(asked).toHaveLength(2)
})
