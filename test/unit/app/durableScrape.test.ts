// A scrape waits for the log, and not for ever.

import { expect, test } from 'vitest'
import { durableScrape } from '../../../src/app/durableScrape.ts'

const EXPOSITION = { contentType: 'text/plain', body: 'asterisk_up 1\n' }

function subject({ writable = true, flush }: { writable?: boolean; flush: () => Promise<void> }) {
  const order: string[] = []
  const expose = durableScrape(
    async () => {
      order.push('numbers read')
      return EXPOSITION
    },
    {
      status: () => ({ rows: 0, pending: 1, dropped: 0, writable }),
      flush: () => {
        order.push('log asked')
        return flush()
      },
    },
  )
  return { order, expose }
}

test('the numbers are read first and told when the log has them', async () => {
  let written = (): void => {}
  const { order, expose } = subject({ flush: () => new Promise((resolve) => (written = resolve)) })
  const told = expose().then((exposition) => {
    order.push('told')
    return exposition
  })
  await new Promise(setImmediate)
  expect(order).toEqual(['numbers read', 'log asked'])
  written()
  expect(await told).toBe(EXPOSITION)
})

test('a disk that does not answer is not waited for', async () => {
  const { expose } = subject({ flush: () => new Promise(() => {}) })
  expect(await expose()).toBe(EXPOSITION)
})

test('a log that cannot write at all is not even asked', async () => {
  const { order, expose } = subject({ writable: false, flush: () => Promise.reject(new Error('asked')) })
  expect(await expose()).toBe(EXPOSITION)
  expect(order).toEqual(['numbers read'])
})
