// The page updates by itself as calls start and end, and recovers after it loses the exporter, or the exporter loses Asterisk.

import { expect, test } from 'vitest'
import { rowsOf, untilRows } from './browser.ts'
import { stagePerTest } from './stagePerTest.ts'

const theatre = stagePerTest()

test('a call appears, rings, is answered, runs and ends, without a reload', async () => {
  const { page, complaints } = await theatre.open()
  await page.getByText('No call right now.').waitFor()
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  const call = theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: Number.POSITIVE_INFINITY,
    talkMs: Number.POSITIVE_INFINITY,
  })
  await untilRows(page, 'live', ([row]) => /^ringing \| \d+:\d\d \| 101 .* \| 102 \| – \| internal$/.test(row ?? ''))
  call.endPause()
  await untilRows(page, 'live', ([row]) => /^talking \| \d+:\d\d \| 101 .* \| 102 \| 102 \| internal$/.test(row ?? ''))
  await untilRows(page, 'live', ([row]) => /^talking \| (0:0[2-9]|0:[1-5]\d|[1-9])/.test(row ?? ''))
  await untilRows(page, 'operators', (rows) => rows.some((row) => row.startsWith('102 | talking')))
  call.endPause()
  await call.ended
  await untilRows(page, 'live', (rows) => rows.length === 0)
  await untilRows(page, 'calls', ([row]) =>
    /\| internal \| 101 .* \| 102 \| 102 \| answered \| \d+:\d\d$/.test(row ?? ''),
  )
  await untilRows(page, 'operators', (rows) =>
    rows.some((row) => /^102 \| idle \| 1 \| 1 \| 0 \| (\d+:\d\d) \| \1$/.test(row)),
  )
  await page
    .locator('.figures')
    .filter({ hasText: /Live now\s*0\s*Ended in all\s*1\s*Missed in all\s*0\s*In the log\s*1\s*Not yet on disk\s*0/ })
    .waitFor()
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  expect(complaints).toEqual([])
})

test('shows a lost connection, and after it each call once', async () => {
  const { page } = await theatre.open()
  await page.getByText('Live', { exact: true }).waitFor()
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: 10,
    talkMs: Number.POSITIVE_INFINITY,
  })
  await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  theatre.stage.cut()
  await page.getByText('Connection lost').waitFor()
  const { ended } = theatre.stage.pbx.place('busy', { caller: '103', callee: '104', ringMs: 4 })
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '105',
    callee: '106',
    ringMs: 10,
    talkMs: Number.POSITIVE_INFINITY,
  })
  await ended
  theatre.stage.mend()
  await page.getByText('Live', { exact: true }).waitFor()
  const rows = await untilRows(page, 'live', (all) => all.length === 2)
  expect(rows).toMatchObject([expect.stringContaining('101'), expect.stringContaining('105')])
  await untilRows(page, 'calls', (all) => all.length === 3 && all.filter((row) => row.includes('busy')).length === 1)
})

test('shows whether Asterisk is connected', async () => {
  const { page, complaints } = await theatre.open()
  await page.getByRole('heading', { name: 'Connected to Asterisk' }).waitFor()
  expect(await page.locator('.pbx').innerText()).toMatch(/since .* Asterisk 22\.\d+/)
  await theatre.stage.pbx.refuse()
  await page.getByRole('heading', { name: 'Not connected to Asterisk' }).waitFor()
  expect(await page.title()).toBe('(!) asterisk-ari-exporter')
  await page.locator('.pbx .problem').filter({ hasText: /\S/ }).waitFor()
  await theatre.stage.pbx.accept()
  await page.getByRole('heading', { name: 'Connected to Asterisk', exact: true }).waitFor()
  expect(await page.title()).toBe('asterisk-ari-exporter')
  expect(complaints).toEqual([])
})

test('keeps the focus on a live call while others begin and end', async () => {
  const { page } = await theatre.open()
  theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '101',
    callee: '102',
    ringMs: 10,
    talkMs: Number.POSITIVE_INFINITY,
  })
  await untilRows(page, 'live', ([row]) => row?.startsWith('talking') === true)
  await page.locator('.live tbody button').focus()
  const other = theatre.stage.pbx.place('busy', { caller: '103', callee: '104', ringMs: Number.POSITIVE_INFINITY })
  await untilRows(page, 'live', ([, row]) => row?.startsWith('ringing') === true)
  other.endPause()
  await other.ended
  await untilRows(page, 'live', (rows) => rows.length === 1)
  expect(await page.locator('.live tbody tr:has(button:focus)').innerText()).toContain('101')
  expect(await rowsOf(page, 'live')).toHaveLength(1)
})

test('shows that the state is not known while the exporter is down', async () => {
  const { page } = await theatre.open()
  await page.getByRole('heading', { name: 'Connected to Asterisk', exact: true }).waitFor()
  theatre.stage.cut()
  await page.getByRole('heading', { name: 'State not known' }).waitFor()
  expect(await page.locator('.pbx').getAttribute('class')).toBe('pbx unknown')
  expect(await page.title()).toBe('(!) asterisk-ari-exporter')
  theatre.stage.mend()
  await page.getByRole('heading', { name: 'Connected to Asterisk', exact: true }).waitFor()
})

test('computes the period of the CSV link when it is clicked', async () => {
  const { page } = await theatre.open('?period=hour')
  const link = page.locator('.calls a.csv')
  await expect.poll(() => link.getAttribute('href')).toContain('from=')
  const chosen = await link.getAttribute('href')
  await expect
    .poll(async () => {
      await link.dispatchEvent('pointerdown')
      return await link.getAttribute('href')
    })
    .not.toBe(chosen)
})
