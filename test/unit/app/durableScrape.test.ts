// A scrape and a question wait for the call log, but only for a limited time.

import { expect, test } from 'vitest'
import { currentQueries, durableScrape } from '../../../src/app/durableScrape.ts'

const EXPOSITION = { contentType: 'text/plain', body: 'asterisk_up 1\n' }

function subject({ writable = true, flush }: { writable?: boolean; flush: () => Promise<void> }) {
  const order: string[] = []
  const expose = durableScrape(
    async () => {
      order.push('exposed')
      return EXPOSITION
    },
    {
      status: () => ({ rows: 0, pending: 1, dropped: 0, writable }),
      flush: () => {
        order.push('flush called')
        return flush()
      },
    },
  )
  return { order, expose }
}

test('reads the numbers first, and answers when the call log has stored them', async () => {
  let written = (): void => {}
  const { order, expose } = subject({ flush: () => new Promise((resolve) => (written = resolve)) })
  const answer = expose().then((exposition) => {
    order.push('answered')
    return exposition
  })
  await new Promise(setImmediate)
  expect(order).toEqual(['exposed', 'flush called'])
  written()
  expect(await answer).toBe(EXPOSITION)
})

test('answers after a timeout if the disk does not respond', async () => {
  const { expose } = subject({ flush: () => new Promise(() => {}) })
  expect(await expose()).toBe(EXPOSITION)
})

test('does not wait for a call log that is not writable', async () => {
  const { order, expose } = subject({ writable: false, flush: () => Promise.reject(new Error('flush called')) })
  expect(await expose()).toBe(EXPOSITION)
  expect(order).toEqual(['exposed'])
})

test('a question is asked when the call log has stored what happened before it', async () => {
  const order: string[] = []
  let written = (): void => {}
  const asked = async (call: number | string): Promise<null> => {
    order.push(`asked for ${call}`)
    return null
  }
  const notAsked = () => Promise.reject(new Error('asked'))
  const queries = currentQueries(
    {
      ...{ detail: asked, page: notAsked, csv: notAsked, operators: notAsked, stats: notAsked },
      ...{
        missedCallers: notAsked,
        missedCallersCsv: notAsked,
        busiestHours: notAsked,
        changes: notAsked,
        queueFigures: notAsked,
        trunkFigures: notAsked,
        series: notAsked,
      },
    },
    {
      status: () => ({ rows: 0, pending: 1, dropped: 0, writable: true }),
      flush: () => new Promise((resolve) => (written = resolve)),
    },
  )
  const answer = queries.detail(7)
  await new Promise(setImmediate)
  expect(order).toEqual([])
  written()
  expect(await answer).toBeNull()
  expect(order).toEqual(['asked for 7'])
})
