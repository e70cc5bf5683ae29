// A trunk of a real Asterisk, filled to its capacity: the alerts fire, reach people, and resolve when there is room again.
//
// Prometheus and Alertmanager run the shipped files with every span of time divided. The parts of the story follow each other.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldAlerts } from '../noc/alertmanagerApi.ts'
import { type DividedServers, startDividedServers } from '../noc/dividedServers.ts'
import { findTools } from '../noc/servers.ts'
import type { ReceivedAlert } from '../noc/webhook.ts'
import { isComplaint } from './exporter.ts'
import { total } from './exposition.ts'
import { untilQuiet } from './lab/asterisk.ts'
import type { Talk } from './lab/phones/talk.ts'
import { ACCESS } from './lab/place.ts'
import { Session } from './session.ts'

const DIVIDED_BY = 120
/** Only a hang takes as long. */
const LATEST = { timeout: 60_000, interval: 100 }
const TRUNK = 'trunk-b'
const CHANNELS = 3
const [NEARLY, FULL] = ['AsteriskTrunkNearlyFull', 'AsteriskTrunkFull']
const RING_MS = 50
/** Prefix of the dialplan: out on the trunk. */
const OUTSIDE = '48'
const BUSY_CARRIER = '0459999999'
const ATTEMPTS = 4

interface Trunk {
  readonly trunk: string
  readonly channels: number | null
  readonly calls_now: number | null
  readonly busiest_hour: { readonly seizures: number; readonly erlangs: number; readonly lines_needed: number } | null
}

describe('the capacity of a trunk on a real Asterisk', () => {
  let session: Session
  let servers: DividedServers
  const talks: Talk[] = []
  let failed = 0

  beforeAll(async () => {
    session = await Session.open('capacity', {}, ACCESS.user, { TRUNK_CHANNELS: `${TRUNK}=${CHANNELS}` })
    const [tools] = findTools().slice(-1)
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    servers = await startDividedServers({ tools, divideBy: DIVIDED_BY, exporter: new URL(session.exporter.url).host })
    session.phones.always(BUSY_CARRIER, (incoming) => incoming.refuse('503 Service Unavailable'))
  })

  afterAll(async () => {
    await servers?.stop()
    await session?.close()
  })

  const metric = async (name: string): Promise<number> =>
    total(await session.exporter.samples(), name, { trunk: TRUNK })
  const notified = (name: string): readonly ReceivedAlert[] =>
    servers.sink.received.filter(({ labels }) => labels['alertname'] === name && labels['trunk'] === TRUNK)
  const trunkOfApi = async (): Promise<Trunk | undefined> => {
    const answer = await fetch(`${session.exporter.url}/api/trunks`)
    const { trunks } = (await answer.json()) as { readonly trunks: readonly Trunk[] }
    return trunks.find(({ trunk }) => trunk === TRUNK)
  }

  test('calls of both directions fill it, and the warning fires', async () => {
    const inbound = session.phones.call({ from: '0401234567', to: '3001', trunk: TRUNK })
    await session.phones.picksUp('3001', RING_MS)
    talks.push(await inbound.answered)
    for (const number of ['0450000001', '0450000002']) {
      const outbound = session.phones.call({ from: '3002', to: OUTSIDE + number })
      await session.phones.picksUp(number, RING_MS)
      talks.push(await outbound.answered)
    }
    expect(await metric('asterisk_trunk_calls_active')).toBe(CHANNELS)
    expect(await metric('asterisk_trunk_capacity_calls')).toBe(CHANNELS)
    await expect.poll(() => notified(NEARLY), LATEST).not.toEqual([])
    const [alert] = notified(NEARLY)
    expect(alert).toMatchObject({ receiver: 'noc', status: 'firing', labels: { severity: 'warning' } })
    expect(alert?.annotations['description']).toMatch(/ of the channels of the trunk trunk-b of .+; channels: 3\.$/)
    expect(await trunkOfApi()).toMatchObject({ channels: CHANNELS, calls_now: CHANNELS })
  })

  test('attempts that fail while it is full page somebody', async () => {
    expect(notified(FULL)).toEqual([])
    const attempt = async (): Promise<readonly ReceivedAlert[]> => {
      const calls = Array.from({ length: ATTEMPTS }, () =>
        session.phones.call({ from: '3002', to: OUTSIDE + BUSY_CARRIER }),
      )
      await Promise.all(calls.map(({ refused }) => refused))
      failed += ATTEMPTS
      return notified(FULL)
    }
    await expect.poll(attempt, LATEST).not.toEqual([])
    const [alert] = notified(FULL)
    expect(alert).toMatchObject({ receiver: 'page', status: 'firing', labels: { severity: 'critical' } })
    expect(alert?.annotations['description']).toMatch(
      / had no free channel for .+; outbound calls that failed meanwhile: \d+\.$/,
    )
    expect(await metric('asterisk_trunk_full_seconds_total')).toBeGreaterThan(1)
  })

  test('with room again, both resolve, in Alertmanager and for whom they reached', async () => {
    for (const talk of talks) {
      await talk.hangUp()
    }
    await untilQuiet()
    for (const name of [NEARLY, FULL]) {
      await expect.poll(() => notified(name).at(-1)?.status, LATEST).toBe('resolved')
      const held = async () => (await heldAlerts(servers.alertmanager)).filter((alert) => alert.name === name)
      await expect.poll(held, LATEST).toEqual([])
    }
    expect(await metric('asterisk_trunk_calls_active')).toBe(0)
  })

  test('the busiest hour has all of it, and nothing complained', async () => {
    const trunk = await trunkOfApi()
    expect(trunk?.calls_now).toBe(0)
    // If an hour begins meanwhile, the busier of the two is told.
    expect(trunk?.busiest_hour?.seizures).toBeLessThanOrEqual(CHANNELS + failed)
    expect(trunk?.busiest_hour?.erlangs).toBeGreaterThan(0)
    expect(trunk?.busiest_hour?.lines_needed).toBeGreaterThan(0)
    expect(await session.exporter.stop()).toBe(0)
    expect(session.exporter.lines.filter(isComplaint)).toEqual([])
  })
})
