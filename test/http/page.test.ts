// The landing page says what the state says, escaped, and nothing a browser could be tricked with.

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { PAGE_STYLE_SOURCE, renderPage } from '../../src/http/page.ts'
import { NOW, pageState } from './states.ts'

const WHO = { name: 'asterisk-ari-exporter', version: '1.2.3' }

/** The text that a reader sees, in order. */
function visibleText(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
}

test('in sync: Asterisk, since when, the figures and the links', () => {
  const html = renderPage(WHO, pageState())
  const text = visibleText(html)
  expect(text).toContain('asterisk-ari-exporter version 1.2.3, up 3 hours')
  expect(text).toContain('Connected to Asterisk In sync since 2026-01-15 11:30:00 UTC')
  expect(text).toContain('Asterisk 22.10.1, entity 52:54:00:12:34:56, started 2026-01-14 12:30:00 UTC')
  expect(text).toContain('Live now 2 Ended in all 12,345 Missed in all 67 In the log 12,340 Not yet on disk 5')
  expect([...html.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path)).toEqual([
    '/metrics',
    '/-/healthy',
    '/-/ready',
  ])
  expect(html).toContain('<meta http-equiv="refresh" content="5">')
})

test('not in sync: what the problem is, and what was last heard', () => {
  const problem = 'ARI_URL refused the connection; trying again in 8 s'
  const text = visibleText(renderPage(WHO, pageState({ inSync: false, problem })))
  expect(text).toContain(`Not connected to Asterisk Out of sync since 2026-01-15 11:30:00 UTC ${problem}`)
  expect(text).toContain('Last heard: Asterisk 22.10.1')
})

test('never reached: no Asterisk, no since', () => {
  const text = visibleText(renderPage(WHO, pageState({ inSync: false, since: null, asterisk: null })))
  expect(text).toContain('Not connected to Asterisk Out of sync Calls')
  expect(text).not.toContain('Last heard')
})

test('everything from outside is escaped', () => {
  const evil = `"><script>alert('x')</script>&amp;`
  const html = renderPage(
    { name: evil, version: evil },
    pageState({ problem: evil, countedOver: evil, asterisk: { version: evil, entityId: evil, startedAt: NOW } }),
  )
  expect(html).not.toContain('<script')
  expect(html.split('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;')).toHaveLength(9)
})

test.each([
  [0, 'less than a minute'],
  [60_000, '1 minute'],
  [119 * 60_000, '119 minutes'],
  [47 * 3_600_000, '47 hours'],
  [10 * 86_400_000, '10 days'],
])('up for %i ms is %s', (upMs, words) => {
  expect(visibleText(renderPage(WHO, pageState({ startedAt: NOW - upMs })))).toContain(`up ${words} `)
})

test('the style that is allowed is the one that is sent', () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(renderPage(WHO, pageState()))?.[1] ?? ''
  expect(PAGE_STYLE_SOURCE).toBe(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(style).toContain('prefers-color-scheme: dark')
})
