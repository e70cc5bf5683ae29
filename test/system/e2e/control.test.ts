// Calls that users begin and end over HTTP on a real Asterisk: 101 rings, then 102; a hang-up ends the call; and what is refused.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../program/exporterUnderTest.ts'
import { eventually } from '../program/program.ts'
import { databaseIn, type Exporter, startExporter } from './exporter.ts'
import { ari, hangUpAll, startAsterisk, stopAsterisk } from './lab/asterisk.ts'
import { ACCESS, PLACE } from './lab/place.ts'
import { Stage } from './lab/sipp.ts'

const PASSWORD = 'a password of the lab'
const LOGIN = `Basic ${Buffer.from(`anna:${PASSWORD}`).toString('base64')}`

interface Told {
  readonly status: number
  readonly body: string
}

describe('control of a real Asterisk', () => {
  const stage = new Stage()
  let exporter: Exporter
  let db: string

  async function open(user: string): Promise<Exporter> {
    const folder = mkdtempSync(join(PLACE.run, 'control-'))
    writeFileSync(join(folder, 'web.yml'), `basic_auth_users:\n  anna: ${hashSync(PASSWORD, 4)}\n`)
    db = databaseIn(folder)
    const settings = { CONTROL: 'true', COUNTRY: 'FI', WEB_CONFIG_FILE: join(folder, 'web.yml') }
    return await startExporter({ user, app: ACCESS.application, folder, settings })
  }

  const send = async (
    path: string,
    init: RequestInit,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Told> => {
    const answer = await fetch(`${exporter.url}/api/${path}`, {
      ...init,
      headers: { Authorization: LOGIN, ...headers },
    })
    return { status: answer.status, body: await answer.text() }
  }
  const begin = (to: string, headers: Readonly<Record<string, string>> = {}): Promise<Told> => {
    const body = JSON.stringify({ from: '101', to })
    return send('calls', { method: 'POST', body }, { 'Content-Type': 'application/json', ...headers })
  }
  const channels = async (): Promise<
    readonly { readonly id: string; readonly name: string; readonly state: string }[]
  > => (await ari('/channels')) as { id: string; name: string; state: string }[]
  const actions = () =>
    rows(db, 'SELECT who, action, channel_id, phone, number, number_kind, outcome FROM actions ORDER BY at')

  beforeAll(async () => {
    process.stdout.write(`${await startAsterisk()}\n`)
    exporter = await open(ACCESS.user)
  })

  afterEach(async () => {
    stage.clear()
    await hangUpAll()
  })

  afterAll(async () => {
    await exporter?.stop()
    await stopAsterisk()
  })

  test('101 rings, then 102; a request that is sent again makes no other call; hanging up ends it', async () => {
    await stage.callee('phone101', { does: 'answers', ring: 300, talk: 0 })
    await stage.callee('phone102', { does: 'answers', ring: 300, talk: 0 })
    const begun = await begin('102', { 'Idempotency-Key': 'one' })
    expect(begun.status).toBe(202)
    const { channel_id: id } = JSON.parse(begun.body)
    expect(await begin('102', { 'Idempotency-Key': 'one' })).toEqual(begun)
    const talking = await eventually(channels, (all) => all.length === 2 && all.every(({ state }) => state === 'Up'))
    expect(talking.map(({ name }) => name.split('-')[0]).toSorted()).toEqual(['PJSIP/101', 'PJSIP/102'])
    expect(talking.some((channel) => channel.id === id)).toBe(true)
    await eventually(
      () => send('calls/active', {}),
      ({ body }) => JSON.parse(body).calls.some((call: { state: string }) => call.state === 'talking'),
    )
    expect((await send(`calls/${id}`, { method: 'DELETE' })).status).toBe(204)
    await eventually(channels, (all) => all.length === 0)
    const [call] = await eventually(
      () => rows(db, `SELECT caller, callee, direction, disposition FROM calls WHERE channel_id = '${id}'`),
      ([row]) => row?.['disposition'] !== null && row !== undefined,
    )
    expect(call).toEqual({ caller: '101', callee: '102', direction: 'internal', disposition: 'answered' })
    const common = { who: 'anna', channel_id: id, outcome: 'done' }
    expect(actions()).toEqual([
      { ...common, action: 'call', phone: '101', number: '102', number_kind: 'internal' },
      { ...common, action: 'hang_up', phone: null, number: null, number_kind: null },
    ])
    expect(
      exporter.lines.some((line) => line.includes('somebody acts on the PBX') && line.includes('"who":"anna"')),
    ).toBe(true)
  })

  test('a phone that rings can be hung up', async () => {
    await stage.callee('phone101', { does: 'rings' })
    const { channel_id: id } = JSON.parse((await begin('102')).body)
    await eventually(channels, (all) => all.length === 1 && all[0]?.state === 'Ringing')
    expect((await send(`calls/${id}`, { method: 'DELETE' })).status).toBe(204)
    await eventually(channels, (all) => all.length === 0)
  })

  test.each<[string, string, Readonly<Record<string, string>>, number]>([
    ['without a password', '102', { Authorization: '' }, 401],
    ['with a wrong password', '102', { Authorization: `Basic ${Buffer.from('anna:x').toString('base64')}` }, 401],
    ['from another origin', '102', { Origin: 'https://elsewhere.example' }, 403],
    ['as a form', '102', { 'Content-Type': 'text/plain' }, 415],
    ['to a premium number', '0600 123456', {}, 403],
    ['to a number abroad', '+46 70 123 45 67', {}, 403],
    ['to an emergency number', '112', {}, 403],
    ['to a code', '*72102', {}, 400],
    ['to an endpoint', 'PJSIP/102', {}, 400],
  ])('a call %s is refused, and no phone rings', async (_name, to, headers, status) => {
    const before = (await channels()).length
    expect((await begin(to, headers)).status).toBe(status)
    expect(await channels()).toHaveLength(before)
  })

  test('a user of ARI that may only read cannot call, and the log and the answer say what to change', async () => {
    await exporter.stop()
    exporter = await open(ACCESS.readOnlyUser)
    const refused = await begin('102')
    expect(refused.status).toBe(409)
    expect(refused.body).toContain('read_only=no')
    await eventually(
      () => exporter.lines,
      (lines) => lines.some((line) => line.includes('CONTROL is on, and the user of ARI may only read')),
    )
    expect(actions()).toMatchObject([{ action: 'call', outcome: 'refused' }])
  })
})
