// The page's frame: nothing inline, nothing from elsewhere, everything printed escaped, and help without a script.

import { expect, test } from 'vitest'
import { renderPage } from '../../../src/http/page/page.ts'

const FILES = { main: 'main.js', style: 'style.css' }

test('who this is, its one script and one style, all below the page itself', () => {
  const html = renderPage({ name: 'asterisk-ari-exporter', version: '1.2.3' }, FILES)
  expect(html).toContain('<meta name="version" content="1.2.3">')
  expect([...html.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
    'data:,',
    'client/style.css',
    'client/main.js',
    '-/ready',
    'metrics',
    'api/calls?limit=50&amp;format=csv',
    'api/calls/active',
  ])
})

test('no script and no style inside the document', () => {
  const html = renderPage({ name: 'n', version: 'v' }, FILES)
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/)
  expect([...html.matchAll(/<script[^>]*>([^<]*)</g)].map(([, inside]) => inside)).toEqual([''])
})

test('without a script it says what to do, in both languages', () => {
  const [, inside = ''] = /<noscript>([\s\S]*)<\/noscript>/.exec(renderPage({ name: 'n', version: 'v' }, FILES)) ?? []
  expect(inside).toContain('needs JavaScript')
  expect(inside).toContain('нужен JavaScript')
})

test('everything printed is escaped', () => {
  const evil = `"><script>alert('x')</script>&amp;`
  const html = renderPage({ name: evil, version: evil }, { main: evil, style: evil })
  expect(html.match(/<script/g)).toHaveLength(1)
  expect(html.split('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;')).toHaveLength(8)
})
