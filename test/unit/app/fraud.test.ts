// Toll calls from the event to /metrics and back from the call log: attempts continue, and each country is new once.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Story } from '../call/story.ts'
import { Disk, type Run, startRun } from './restarting.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterAll(() => void vi.useRealTimers())

/** The samples of the toll calls that are not 0, without the prefix of their names. */
async function tollOf(run: Run): Promise<Readonly<Record<string, number>>> {
  const text = await run.scrape()
  const samples = [...text.matchAll(/^asterisk_toll_(\S+) (\S+)$/gm)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  )
  return Object.fromEntries(samples.filter(([, value]) => value !== 0))
}

const dialedOn = (number: string, id: number) => `IAX2/${number}@trunk-a-${id}`

function calling(story: Story, number: string, id: number): Story {
  const [caller, peer] = [`${id}.1`, `${id}.2`]
  story.calls(caller, `PJSIP/101-${id}`, `9${number}`).runs(caller, 'Dial', 'IAX2/x')
  return story.rings(caller, peer, dialedOn(number, id)).answers(caller, peer, `b${id}`)
}

test('attempts, sums and first calls are on /metrics, and the stored ones after a restart', async () => {
  const disk = new Disk()
  let now = 0
  const start = () => startRun(disk, { labelLimit: 100, now: () => now })
  const story = new Story()
  now = story.now
  const since = now / 1000
  const first = await start()
  const take = (run: Run, upTo: Story): void => {
    for (const event of upTo.events) {
      run.take(event)
      now = Math.max(now, event.at)
    }
  }
  calling(story, '+442071234567', 1)
  take(first, story)
  now += 60_000
  const called = await tollOf(first)
  const firstCall = called['country_first_call_timestamp_seconds{country="GB"}'] ?? 0
  expect(firstCall).toBeGreaterThanOrEqual(since)
  const kept = {
    'attempts_total{class="international"}': 1,
    'country_first_call_timestamp_seconds{country="GB"}': firstCall,
    countries_since_timestamp_seconds: since,
  }
  expect(called).toMatchObject({ ...kept, phone_peak_active: 1, phone_peak_attempts: 1, phone_peak_answered: 1 })
  expect(called['phone_peak_talk_seconds{class="international"}']).toBeGreaterThanOrEqual(60)
  await first.flush()
  first.kill()

  // The call goes on.
  now += 60_000
  const second = await start()
  const restored = await tollOf(second)
  expect(restored).toMatchObject({ ...kept, phone_peak_active: 1 })
  expect(restored['phone_peak_talk_seconds{class="international"}']).toBeGreaterThanOrEqual(120)
  const next = new Story()
  calling(next, '+442071234568', 2)
  take(second, next)
  expect(await tollOf(second)).toMatchObject({ ...kept, 'attempts_total{class="international"}': 2 })
  await second.stop()
  disk.close()
})

test('countries beyond the limit of labels are new together', async () => {
  const disk = new Disk()
  const story = new Story()
  const run = await startRun(disk, { labelLimit: 1, now: () => story.now })
  for (const [index, number] of ['+442071234567', '+37251234567', '+46701234567'].entries()) {
    calling(story, number, index + 1)
  }
  for (const event of story.events) {
    run.take(event)
  }
  const countries = Object.keys(await tollOf(run)).filter((name) => name.startsWith('country_first'))
  expect(countries).toEqual([
    'country_first_call_timestamp_seconds{country="GB"}',
    'country_first_call_timestamp_seconds{country="other"}',
  ])
  await run.stop()
  disk.close()
})
