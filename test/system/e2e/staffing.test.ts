// Who is there, on a real Asterisk and with a user who may only read: whoever logs in, pauses, goes on, logs out or is in wrap-up is seen
// in /metrics, in the API and on the page, which is never reloaded: within 15 s, as long as Asterisk answers questions quickly.
//
// Log-ins by console, AMI, configuration and phone run at once, in a queue of their own each. A caller in no queue keeps a channel alive,
// until the last test hangs up: what can be asked without a channel is less.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { openPage, type Seen } from '../browser/browser.ts'
import { openBrowser } from '../browser/chromium.ts'
import { isComplaint } from './exporter.ts'
import { total } from './exposition.ts'
import { queue } from './field/config.ts'
import { ami } from './lab/ami.ts'
import { cli, untilQuiet } from './lab/asterisk.ts'
import type { Talk } from './lab/phones/talk.ts'
import { ACCESS, PLACE } from './lab/place.ts'
import { Stage } from './lab/sipp.ts'
import { Session } from './session.ts'
import { say } from './sessionTests.ts'

/** What the product promises, while questions keep their rate. */
const SEEN_WITHIN_MS = 15_000
/** Only a hang takes as long. */
const LATEST = { timeout: 60_000, interval: 200 }

const STATES = ['free', 'ringing', 'talking', 'wrapup', 'paused', 'offline'] as const
type State = (typeof STATES)[number]
/** The words of the page, where they are others. */
const SHOWN: Partial<Record<State, string>> = { wrapup: 'wrap-up' }

/** Numbers of the dialplan: `names` queues, `stays` on the line, and queues of one member each. */
const [NAMES, STAYS, WRAPS_UP] = ['616', '509', '615']
const WRAP_UP_MS = 20_000
const [CLI, AMI, WRAPPING] = ['PJSIP/3161', 'PJSIP/3171', 'PJSIP/3141']
const [RELOADED, BY_PHONE] = ['PJSIP/3181', 'PJSIP/101']

/** One entry of `/api/agents`, as far as the test looks. */
interface Entry {
  readonly queue: string
  readonly member: string
  readonly operator: string | null
  readonly state: State | null
  readonly pause_reason: string | null
}

/** What must be seen of the one member of a queue; `state` null: it has none. */
interface Wanted {
  readonly state: State | null
  readonly reason?: string
}

/** A change, and how long after it was done it was seen. */
interface Span {
  readonly what: string
  readonly ms: number
}

describe('who is there, on a real Asterisk', () => {
  const stage = new Stage()
  const live: string[] = []
  const spans: Span[] = []
  let session: Session
  let browser: Browser
  let opened: Seen
  let socket: WebSocket
  let staying: Talk
  let wrapUpMs = 0

  beforeAll(async () => {
    session = await Session.open('staffing', { 'queues_flows.conf': queue('by-reload', []) }, ACCESS.readOnlyUser)
    socket = new WebSocket(`${session.exporter.url.replace('http', 'ws')}/api/live`)
    socket.on('message', (data) => note(String(data)))
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    browser = await openBrowser()
    opened = await openPage(browser, `${session.exporter.url}/?place=queues`)
    staying = await callIn(STAYS)
    const names = await callIn(NAMES)
    await names.over
  })

  afterAll(async () => {
    stage.clear()
    socket?.close()
    await browser?.close()
    await session?.close()
  })

  const note = (text: string): void => {
    const message = JSON.parse(text) as { readonly type: string; readonly change: string; readonly agent: Entry }
    if (message.type === 'agent') {
      const { queue: name, state, pause_reason: reason } = message.agent
      live.push(`${name} ${message.change === 'left' ? 'left' : state}${reason === null ? '' : ` ${reason}`}`)
    }
  }
  /** The changes of a queue without its calls: the phone that dials to pause talks meanwhile. */
  const told = (name: string): readonly string[] => {
    const own = live.filter((text) => text.startsWith(`${name} `)).map((text) => text.slice(name.length + 1))
    const kept = own.filter((state) => !['null', 'ringing', 'talking'].includes(state))
    return kept.filter((state, index) => state !== kept[index - 1])
  }
  const callIn = (to: string) => session.phones.call({ from: '0401234567', to, trunk: 'trunk-b' }).answered

  const agentsOf = async (name: string): Promise<readonly Entry[]> => {
    const answer = await fetch(`${session.exporter.url}/api/agents?queue=${name}`)
    return ((await answer.json()) as { readonly agents: readonly Entry[] }).agents
  }
  /** The agents of a queue on the page: the phone, what it does, and why it is paused. */
  const shown = (name: string): Promise<readonly string[]> =>
    opened.page.locator('.agents .queue').evaluateAll((queues, wanted) => {
      const own = queues.find((one) => one.querySelector('h3')?.firstChild?.textContent === wanted)
      return [...(own?.querySelectorAll('tbody tr') ?? [])].map((row) => {
        const [agent, state, , about] = [...row.children].map((cell) => cell.textContent?.trim() ?? '')
        return [agent?.split(' ')[0], state, ...(state === 'paused' ? [about] : [])].join(' ')
      })
    }, name)
  /** What /metrics, the API and the page say of the members of a queue, in one text. */
  const seen = async (name: string): Promise<string> => {
    const samples = await session.exporter.samples()
    const isKnown = samples.some((one) => one.name === 'asterisk_queue_agents' && one.labels['queue'] === name)
    const counts = STATES.map((state) => total(samples, 'asterisk_queue_agents', { queue: name, state }))
    const entries = (await agentsOf(name)).map(({ member, state, pause_reason: why }) => `${member} ${state} ${why}`)
    return [isKnown ? counts.join(' ') : 'unknown', ...entries, ...(await shown(name))].join(' | ')
  }
  const asSeen = (member: string, { state, reason }: Wanted): string => {
    const counts = STATES.map((one) => (one === state ? 1 : 0)).join(' ')
    if (state === null) {
      return counts
    }
    const onPage = [phoneOf(member), SHOWN[state] ?? state, ...(state === 'paused' ? [reason ?? '–'] : [])].join(' ')
    return `${counts} | ${member} ${state} ${reason ?? null} | ${onPage}`
  }
  const untilSeen = (name: string, text: string) => expect.poll(() => seen(name), LATEST).toBe(text)

  /** Does it, and waits until it is seen; resolves with when Asterisk had done it. */
  const change = async (name: string, member: string, act: () => Promise<unknown>, wanted: Wanted): Promise<number> => {
    await act()
    const doneAt = performance.now()
    await untilSeen(name, asSeen(member, wanted))
    spans.push({ what: `${name} ${wanted.state ?? 'logged out'}`, ms: performance.now() - doneAt })
    return doneAt
  }

  const byCli = async (): Promise<void> => {
    await change('by-cli', CLI, () => cli(`queue add member ${CLI} to by-cli`), { state: 'free' })
    await change('by-cli', CLI, () => cli(`queue pause member ${CLI} queue by-cli reason lunch`), { state: 'paused' })
    await change('by-cli', CLI, () => cli(`queue unpause member ${CLI} queue by-cli`), { state: 'free' })
    await change('by-cli', CLI, () => cli(`queue remove member ${CLI} from by-cli`), { state: null })
  }
  const byAmi = async (): Promise<void> => {
    const [Queue, Interface] = ['by-ami', AMI]
    const pause = (Paused: string) => ami({ Action: 'QueuePause', Queue, Interface, Paused, Reason: 'lunch' })
    await change(Queue, AMI, () => ami({ Action: 'QueueAdd', Queue, Interface }), { state: 'free' })
    await change(Queue, AMI, () => pause('true'), { state: 'paused' })
    await change(Queue, AMI, () => pause('false'), { state: 'free' })
    await change(Queue, AMI, () => ami({ Action: 'QueueRemove', Queue, Interface }), { state: null })
  }
  const byReload = async (): Promise<void> => {
    const reload = async (members: readonly string[]): Promise<void> => {
      writeFileSync(join(PLACE.root, 'lab/etc/queues_flows.conf'), queue('by-reload', members))
      await cli('queue reload members')
    }
    await change('by-reload', RELOADED, () => reload([RELOADED]), { state: 'free' })
    await change('by-reload', RELOADED, () => reload([]), { state: null })
    await change('by-reload', RELOADED, () => reload([RELOADED]), { state: 'free' })
  }
  const dial = (to: string) => stage.callers([{ from: '101', to, talk: 0 }]).done
  const byPhone = async (): Promise<void> => {
    await change('by-phone', BY_PHONE, () => dial('711'), { state: 'free' })
    await change('by-phone', BY_PHONE, () => dial('712'), { state: 'paused', reason: 'lunch' })
    await change('by-phone', BY_PHONE, () => dial('713'), { state: 'free' })
    await change('by-phone', BY_PHONE, () => dial('714'), { state: null })
    await change('by-phone', BY_PHONE, () => dial('711'), { state: 'free' })
  }
  const wrapUp = async (): Promise<void> => {
    const call = callIn(WRAPS_UP)
    const agent = await session.phones.picksUp('3141', 100)
    await change('wraps-up', WRAPPING, () => call, { state: 'talking' })
    const endedAt = await change('wraps-up', WRAPPING, () => agent.hangUp(), { state: 'wrapup' })
    await untilSeen('wraps-up', asSeen(WRAPPING, { state: 'free' }))
    wrapUpMs = performance.now() - endedAt
  }

  const tooLate = async (): Promise<readonly Span[]> => {
    const late = spans.filter(({ ms }) => ms > SEEN_WITHIN_MS)
    return (await session.exporter.askedAtFullRate()) ? late : []
  }

  test('log-in, pause and log-out by console, AMI, reload and phone, and wrap-up, are seen within 15 s', async () => {
    await Promise.all([byCli(), byAmi(), byReload(), byPhone(), wrapUp()])
    say(`seen after: ${textOf(spans)}`)
    say(`a wrap-up of ${seconds(WRAP_UP_MS)} was seen to end after ${seconds(wrapUpMs)}`)
    expect(spans).toHaveLength(18)
    expect(await tooLate()).toEqual([])
    expect(wrapUpMs).toBeGreaterThan(WRAP_UP_MS - 1_000)
    if (await session.exporter.askedAtFullRate()) {
      expect(wrapUpMs).toBeLessThan(WRAP_UP_MS + SEEN_WITHIN_MS)
    }
  })

  test('the live feed told each change, in order', () => {
    expect(told('by-cli')).toEqual(['free', 'paused', 'free', 'left'])
    expect(told('by-ami')).toEqual(['free', 'paused', 'free', 'left'])
    expect(told('by-reload')).toEqual(['free', 'left', 'free'])
    expect(told('by-phone')).toEqual(['free', 'paused lunch', 'free', 'left', 'free'])
    expect(told('wraps-up').slice(-2)).toEqual(['wrapup', 'free'])
  })

  test('without a channel a pause is seen within 15 s, and who logged in or out when the next call begins', async () => {
    await staying.hangUp()
    await untilQuiet()
    spans.length = 0
    await cli(`queue remove member ${BY_PHONE} from by-phone`)
    await cli(`queue add member ${CLI} to by-cli`)
    await Promise.all([
      change('by-reload', RELOADED, () => cli(`queue pause member ${RELOADED}`), { state: 'paused' }),
      untilSeen('by-cli', 'unknown'),
    ])
    expect(await seen('by-phone')).toBe(asSeen(BY_PHONE, { state: 'free' }))
    const call = callIn(STAYS)
    await Promise.all([
      change('by-phone', BY_PHONE, () => call, { state: null }),
      change('by-cli', CLI, () => call, { state: 'free' }),
    ])
    await (await call).hangUp()
    say(`seen without a channel, and when a call begins, after: ${textOf(spans)}`)
    expect(await tooLate()).toEqual([])
  })

  test('the page complained of nothing, and the program of nothing but its user', async () => {
    expect(opened.complaints).toEqual([])
    expect(await session.exporter.stop()).toBe(0)
    const complaints = session.exporter.lines.filter(isComplaint)
    expect(complaints, complaints.join('\n')).toHaveLength(1)
    expect(complaints[0]).toMatch(/read_only = no/)
  })
})

function phoneOf(member: string): string {
  return member.replace('PJSIP/', '')
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({ what, ms }) => `${what} ${seconds(ms)}`).join(', ')
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
