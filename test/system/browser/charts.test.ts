// The charts: what they show of calls, in both colours and on three screens; dragging chooses the period of the whole page.

import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openPage, pictureFile } from './browser.ts'
import { stagePerTest } from './stagePerTest.ts'

const HOUR = 3_600_000
const theatre = stagePerTest()

/** Opens the page with the series of an office that this function makes up, or with its own. */
async function openCharts(options: BrowserContextOptions = {}) {
  const seen = await openPage(theatre.browser, 'about:blank', { timezoneId: 'Europe/Helsinki', ...options })
  await seen.page.route('**/api/stats?*by=*', (route) =>
    route.fulfill({ json: officeOf(new URL(route.request().url())) }),
  )
  await seen.page.goto(`${theatre.stage.url}?place=calls&period=week`)
  await seen.page.locator('.charts canvas').waitFor()
  if (!(await seen.page.locator('.charts .waits').isVisible())) {
    await seen.page.locator('.charts summary').click()
  }
  await expect.poll(() => seen.page.locator('.charts .waits tbody tr').count()).toBe(13)
  return seen
}

/** More calls on weekdays from 8 to 17, most of them answered. */
function figuresAt(weekday: number, hour: number) {
  const busy = weekday <= 5 && hour >= 8 && hour < 17 ? 40 + ((hour * 7 + weekday * 5) % 30) : hour % 3
  const [missed, other] = [Math.floor(busy / 8), Math.floor(busy / 10)]
  return { calls: busy, answered: busy - missed - other, missed, other, talk_seconds: busy * 90 }
}

function officeOf({ searchParams }: URL): object {
  const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? '']
  const by = searchParams.get('by')
  const rest = { from, to, by, tz: searchParams.get('tz') }
  if (by === 'weekday_hour') {
    const series = Array.from({ length: 168 }, (_, index) => {
      const [weekday, hour] = [Math.floor(index / 24) + 1, index % 24]
      return { weekday, hour, ...figuresAt(weekday, hour) }
    })
    return { ...rest, series }
  }
  if (by === 'waiting') {
    const begins = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600]
    const series = begins.map((begin, index) => {
      const calls = Math.round(900 / (index + 1) ** 1.4)
      const missed = Math.round((calls * index) / 16)
      const figures = { calls, answered: calls - missed, missed, other: 0, talk_seconds: 0 }
      return { from_seconds: begin, to_seconds: begins[index + 1] ?? null, ...figures }
    })
    return { from, to, by, series }
  }
  const series = []
  for (let at = Math.floor(Date.parse(from) / HOUR) * HOUR; at < Date.parse(to); at += HOUR) {
    const local = new Date(at + 2 * HOUR)
    series.push({ start: new Date(at).toISOString(), ...figuresAt(local.getUTCDay() || 7, local.getUTCHours()) })
  }
  return { ...rest, series }
}

async function box(page: Page) {
  const plot = page.locator('.charts .u-over')
  await plot.scrollIntoViewIfNeeded()
  const found = await plot.boundingBox()
  if (found === null) {
    throw new Error('there is no chart')
  }
  return found
}

test('calls are in the tables and the chart, drawn by a script that comes after the page', async () => {
  await theatre.stage.pbx.place('busy', { caller: '101', callee: '102', ringMs: 4 }).ended
  const answered = theatre.stage.pbx.place('answered-caller-hangs-up', {
    caller: '103',
    callee: '104',
    ringMs: 10,
    talkMs: 20,
  })
  await answered.ended
  const { page, complaints } = await theatre.open('?place=calls')
  await page.locator('.charts canvas').waitFor()
  await page.locator('.charts summary').click()
  const cells = page.locator('.charts .scroll tbody tr').first().locator('td')
  await expect.poll(() => cells.allTextContents().then((texts) => texts.slice(1))).toEqual(['2', '1', '1', '0'])
  expect(await page.locator('.charts .heat [data-heat="7"]').allTextContents()).toEqual(['2'])
  expect(complaints).toEqual([])
})

test('dragging over the bars chooses the period of the list, the figures and the charts; a button takes it back', async () => {
  const { page, complaints } = await openCharts()
  const { x, y, width, height } = await box(page)
  await page.mouse.move(x + width / 4, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 5 })
  const asked = Promise.all([
    page.waitForRequest((request) => /api\/calls\?.*from=.*to=/.test(request.url())),
    page.waitForRequest((request) => /api\/stats\?(?!.*by=).*from=.*to=/.test(request.url())),
    page.waitForRequest((request) => /api\/stats\?.*to=.*by=hour/.test(request.url())),
  ])
  await page.mouse.up()
  const [calls, figures, series] = (await asked).map((request) => new URL(request.url()).searchParams)
  for (const query of [figures, series]) {
    expect([query?.get('from'), query?.get('to')]).toEqual([calls?.get('from'), calls?.get('to')])
  }
  const span = Date.parse(calls?.get('to') ?? '') - Date.parse(calls?.get('from') ?? '')
  expect(span).toBeGreaterThan(24 * HOUR)
  expect(span).toBeLessThan(48 * HOUR)
  expect(new URL(page.url()).searchParams.get('period')).toBe('custom')
  expect(await page.locator('[name=period]').inputValue()).toBe('custom')

  await page.locator('.charts .reset').click()
  await expect.poll(() => new URL(page.url()).search).toBe('?place=calls')
  expect(await page.locator('[name=period]').inputValue()).toBe('today')
  expect(await page.locator('.charts .reset').isHidden()).toBe(true)
  expect(complaints).toEqual([])
})

test('a page whose address has a period requests the figures of each part once', async () => {
  const { page } = await openPage(theatre.browser, 'about:blank')
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname === '/api/stats') {
      asked.push(`${pathname} ${searchParams.get('by') ?? ''}`)
    }
  })
  // Without the feed, nothing changes that would be requested again.
  await page.routeWebSocket(/api\/live/, () => undefined)
  await page.goto(`${theatre.stage.url}?place=calls&period=yesterday`)
  await expect.poll(() => page.locator('.charts .about').innerText()).toMatch(/00:00/)
  // What is folded away is not requested, until it is opened; that is remembered.
  expect(asked.toSorted()).toEqual(['/api/stats ', '/api/stats hour'])
  asked.length = 0
  await page.locator('.charts summary').press('Enter')
  await page.locator('.charts .waits tbody tr').first().waitFor()
  expect(asked.toSorted()).toEqual(['/api/stats hour', '/api/stats waiting', '/api/stats weekday_hour'])
  asked.length = 0
  await page.reload()
  await page.locator('.charts .waits tbody tr').first().waitFor()
  expect(asked.toSorted()).toEqual(['/api/stats ', '/api/stats hour', '/api/stats waiting', '/api/stats weekday_hour'])
})

test('the pointer reads a bar; the colours follow the theme', async () => {
  const { page } = await openCharts()
  const { x, y, width, height } = await box(page)
  await page.mouse.move(x + width / 3, y + height / 2)
  await expect
    .poll(() => page.locator('.charts .reading').textContent())
    .toMatch(/: \d+ calls?; answered \d+, missed \d+/)
  const picture = () => page.evaluate(`document.querySelector('.charts canvas').toDataURL()`)
  const light = await picture()
  await page.locator('button.theme').click()
  await page.locator('button.theme').click()
  await expect.poll(async () => (await picture()) === light).toBe(false)
})

const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ['laptop', { viewport: { width: 1280, height: 800 } }],
  ['wall', { viewport: { width: 1920, height: 1080 } }],
]

describe.each(SCREENS)('on a %s', (name, options) => {
  test.each([
    ['light', 'en-GB'],
    ['dark', 'ru-RU'],
  ] as const)('%s, %s: nothing is wider than the page, and nothing complains', async (colorScheme, locale) => {
    const { page, complaints } = await openCharts({ ...options, colorScheme, locale })
    await page.locator('.charts').screenshot({ path: pictureFile(`charts-${name}-${colorScheme}`) })
    const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(tooWide)).toBeLessThanOrEqual(0)
    const texts = await page.locator('.charts').innerText()
    expect(texts).toContain(locale === 'ru-RU' ? 'Сколько ждали звонившие' : 'How long callers waited')
    // A finger that is dragged scrolls the page.
    expect(/Drag over|Проведите/.test(texts)).toBe(name !== 'phone')
    expect(complaints).toEqual([])
  })
})
