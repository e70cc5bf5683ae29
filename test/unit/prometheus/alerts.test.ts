// The labels and annotations of each alert, their links, and the runbook.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCalls, parseMissedCallers } from '../../../src/http/api/params.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { alertingRules, recordingRules, shippedRules } from '../../system/noc/shippedRules.ts'
import { readPromql } from '../grafana/promql.ts'

const ROOT = new URL('../../../', import.meta.url)
const SITE_OF_LINK = '?{{ with $labels.cluster }}var-cluster={{ . }}&{{ end }}'
const alerts = alertingRules(shippedRules('alerts.yml'))
const records = recordingRules(shippedRules('recording.yml'))
const runbook = readFileSync(new URL('prometheus/RUNBOOK.md', ROOT), 'utf8')

/** The anchor of a heading: https://docs.github.com, "Section links". */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
const chapters = new Map(
  runbook
    .split(/^### /m)
    .slice(1)
    .map((chapter) => [chapter.split('\n')[0] ?? '', chapter.split(/^## /m)[0] ?? ''] as const),
)

/** Shares of current values; the calls of a trunk may be more than TRUNK_CHANNELS says. */
const OF_CURRENT: readonly string[] = [
  'trunk:asterisk_trunk_use:ratio',
  'queue:asterisk_queue_agents_free:ratio',
  'instance_role:asterisk_endpoints_offline:ratio',
]

/** How the runbook says when an alert is sent. */
const WHEN: Readonly<Record<string, string>> = { '': '', office: ', in opening hours', closed: ', out of hours' }

describe.each(alerts)('$alert', ({ alert, expr, labels, annotations }) => {
  test('has a severity, and only known labels', () => {
    expect(alert).toMatch(/^Asterisk[A-Z]\w+$/)
    expect(labels['severity']).toMatch(/^(critical|warning|info)$/)
    expect(Object.keys(labels).filter((label) => !['severity', 'hours', 'fault'].includes(label))).toEqual([])
    expect(labels['hours'] ?? 'office').toMatch(/^(office|closed)$/)
  })

  test('has a constant summary, and a description with values', () => {
    expect(Object.keys(annotations).toSorted()).toEqual(['dashboard_url', 'description', 'runbook_url', 'summary'])
    expect(annotations['summary']).toMatch(/^[A-Z][^{}.]{8,60}$/)
    expect(annotations['description']).toMatch(/\.$/)
    // An alert about absent series has neither labels nor a value.
    if (!expr.startsWith('absent(')) {
      expect(annotations['description']).toMatch(/\{\{ \$(labels\.instance|value)/)
    }
  })

  test('links to its chapter of the runbook and to an existing dashboard', () => {
    const { runbook_url = '', dashboard_url = '' } = annotations
    expect(runbook_url).toBe(`{{ $externalLabels.runbook_url }}#${anchorOf(alert)}`)
    expect(headings.map(anchorOf)).toContain(anchorOf(alert))
    const [, board = '', rest = ''] =
      /^\{\{ \$externalLabels\.grafana_url \}\}\/d\/([\w-]+)(\?.*)?$/.exec(dashboard_url) ?? []
    expect([board, existsSync(new URL(`grafana/dashboards/${board}.json`, ROOT))]).toEqual([board, true])
    // The site is in the link only where there is one.
    const parameters = rest.replace(SITE_OF_LINK, '?')
    const variables = [...parameters.matchAll(/[?&]var-(\w+)=\{\{ \$labels\.(\w+) \}\}/g)]
    expect(variables.map(([whole]) => whole).join('')).toBe(parameters)
    const text = readFileSync(new URL(`grafana/dashboards/${board}.json`, ROOT), 'utf8')
    const { templating }: { templating: { list: { name: string }[] } } = JSON.parse(text)
    const names = templating.list.map(({ name }) => name)
    for (const [, variable = '', label] of variables) {
      expect(names).toContain(variable)
      expect(label).toBe(variable)
    }
  })

  test('compares counts rounded, and shares from recording rules', () => {
    const { selectors, functions, problem } = readPromql(expr)
    expect(problem).toBeNull()
    expect(functions).not.toContain('clamp_min')
    // increase() extrapolates; whole numbers need round().
    for (const { name, inside } of selectors) {
      if (/:increase\w+$/.test(name) && !inside.includes('sum')) {
        expect([name, inside[0]]).toEqual([name, 'round'])
      }
    }
    // Shares are computed in recording.yml.
    expect(expr).not.toMatch(/[\w)\]}]\s*\/\s*[\w(]/)
  })

  test('has a chapter with its severity, where to look, and what to do', () => {
    const chapter = chapters.get(alert) ?? ''
    expect(chapter).toContain(
      `*${labels['severity']}${WHEN[labels['severity'] === 'info' ? '' : (labels['hours'] ?? '')]}.*`,
    )
    expect(chapter).toMatch(/- \*\*Look(, do)?:\*\*/)
    expect(chapter).toMatch(/(- \*\*Do|Look, do):\*\*/)
  })
})

describe('the runbook', () => {
  test('has a chapter for each alert, and no other', () => {
    expect([...chapters.keys()].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
  })

  test('links to existing chapters', () => {
    const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter((anchor) => !headings.map(anchorOf).includes(anchor))).toEqual([])
  })

  test('uses existing paths and parameters of the API', () => {
    const parsers = { calls: parseCalls, 'missed-callers': parseMissedCallers } as const
    for (const [path, parse] of Object.entries(parsers)) {
      const questions = [...runbook.matchAll(new RegExp(`/api/${path}(?:\\.csv)?\\?([\\w=&]+)`, 'g'))].map(
        ([, query = '']) => query,
      )
      expect(questions.length).toBeGreaterThan(2)
      for (const query of questions) {
        expect([query, parse(new URLSearchParams(query))]).toEqual([query, { ok: true, value: expect.anything() }])
      }
    }
  })

  test('contains valid queries', () => {
    const questions = [...runbook.matchAll(/`([^`]*)`/g)]
      .map(([, code = '']) => code)
      .filter((code) => /asterisk_|^(up|count|sum)\b/.test(code) && !/curl|amtool/.test(code))
    expect(questions.length).toBeGreaterThan(20)
    for (const question of questions) {
      expect([question, readPromql(question).problem]).toEqual([question, null])
    }
  })
})

describe('the records', () => {
  test.each(records)('$record', ({ record, expr }) => {
    expect(record).toMatch(/^[a-z_]+:asterisk_[a-z_]+:(increase|ratio|rate|mean|min|max|sum|p95_)(\d+[mhd])?$/)
    const window = /(\d+[mhd])$/.exec(record)?.[1]
    const { selectors, functions, problem } = readPromql(expr)
    expect(problem).toBeNull()
    expect(functions).not.toContain('clamp_min')
    for (const selector of selectors) {
      // The window in the name is the window of the expression; a current value has none.
      if (selector.window !== null) {
        expect(selector.window).toBe(window)
      } else if (window !== undefined && !isCurrent(selector.name)) {
        expect(selector.name.endsWith(window)).toBe(true)
      }
    }
    // Denominators are greater than 0.
    if (expr.includes('/')) {
      expect(expr).toMatch(/\/\s*(ignoring \(le\) group_left \(\)\s*)?\([^/]* > 0\)\s*(,\s*1\s*\)\s*)?$/)
    }
    // Each increase is extrapolated in its own way.
    if (expr.includes('/') && record.includes(':ratio') && !OF_CURRENT.includes(record)) {
      expect(expr).toMatch(/^clamp_max\(/)
    }
    for (const { keptBy } of selectors) {
      if (keptBy !== null) {
        expect(keptBy.slice(0, 3)).toEqual(['cluster', 'job', ...(record.startsWith('cluster:') ? [] : ['instance'])])
      }
    }
  })

  test('no name is recorded twice', () => {
    const names = records.map(({ record }) => record)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})

function isCurrent(name: string): boolean {
  return name.endsWith(':sum') || catalogueEntries().some(([, entry]) => entry.type === 'gauge' && entry.name === name)
}
