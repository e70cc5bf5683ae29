// The HTML document of the page: only its own files, nothing inline, values escaped, a hint without JavaScript.

import { expect, test } from 'vitest'
import { renderPage } from '../../../src/http/page/page.ts'

const ICON = { name: 'icon-192.png', sizes: '192x192', mediaType: 'image/png' }
const FILES = { main: 'main.js', style: 'style.css', icons: [ICON] }

test('has the version, one script, one style, and only relative addresses', () => {
  const html = renderPage({ name: 'asterisk-ari-exporter', version: '1.2.3' }, FILES)
  expect(html).toContain('<meta name="version" content="1.2.3">')
  expect([...html.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
    'data:,',
    'client/icon-192.png',
    'manifest.webmanifest',
    'client/main.js',
    'client/style.css',
    '-/ready',
    'metrics',
    'api/calls.csv?limit=50',
    'api/calls/active',
  ])
})

test('says whether it is the page of one Asterisk or of a fleet', () => {
  const options = { name: 'n', version: 'v' }
  expect(renderPage(options, FILES)).toContain('<meta name="mode" content="pbx">')
  expect(renderPage({ ...options, fleet: true }, FILES)).toContain('<meta name="mode" content="fleet">')
})

test('contains no inline script or style', () => {
  const html = renderPage({ name: 'n', version: 'v' }, FILES)
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/)
  expect([...html.matchAll(/<script[^>]*>([^<]*)</g)].map(([, inside]) => inside)).toEqual([''])
})

test('explains in both languages what to do without JavaScript', () => {
  const [, inside = ''] = /<noscript>([\s\S]*)<\/noscript>/.exec(renderPage({ name: 'n', version: 'v' }, FILES)) ?? []
  expect(inside).toContain('needs JavaScript')
  expect(inside).toContain('нужен JavaScript')
})

test('escapes every inserted value', () => {
  const evil = `"><script>alert('x')</script>&amp;`
  const html = renderPage({ name: evil, version: evil }, { main: evil, style: evil, icons: [{ ...ICON, name: evil }] })
  expect(html.match(/<script/g)).toHaveLength(1)
  expect(html.split('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;')).toHaveLength(10)
})

test('has something to paint before the style, and is small enough to arrive at once on a slow line', () => {
  const html = renderPage({ name: 'asterisk-ari-exporter', version: '1.2.3' }, FILES)
  expect(html.indexOf('<svg id="loading"')).toBeGreaterThan(html.indexOf('<body>'))
  expect(html.indexOf('<svg id="loading"')).toBeLessThan(html.indexOf('rel="stylesheet"'))
  expect(Buffer.byteLength(html)).toBeLessThan(3_000)
})
