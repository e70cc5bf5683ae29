// The recorded names in grafana/recordings.ts equal those in recording.yml, and each is used.

import { expect, test } from 'vitest'
import { BOARDS } from '../../../grafana/addresses.ts'
import { CRITICAL } from '../../../grafana/annotations.ts'
import { RECORDINGS, recordedNames } from '../../../grafana/recordings.ts'
import { readPromql } from './promql.ts'
import { committedBoards, dashboardQueries } from './queries.ts'
import { shippedRules } from './rulesFiles.ts'

const records = shippedRules().flatMap(({ record, expr }) => (record === undefined ? [] : [{ record, expr }]))

test('both lists are equal', () => {
  expect([...recordedNames()].sort()).toEqual(records.map(({ record }) => record).sort())
})

test('a recorded series has the labels of its family', () => {
  for (const { name, windows, labels } of Object.values(RECORDINGS)) {
    const wanted = ['cluster', 'job', ...(name.startsWith('cluster:') ? [] : ['instance']), ...labels].sort().join(' ')
    for (const window of windows) {
      const { expr = '' } = records.find(({ record }) => record === `${name}${window}`) ?? {}
      const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, list = '']) => list.split(', ').sort().join(' '))
      // `le` is kept until the quantile. Without an aggregation, the rule divides two recorded series, which have the labels.
      const own = kept.map((list) => (expr.includes('histogram_quantile') ? list.replace(/ ?\ble\b/, '') : list))
      if (own.length > 0) {
        expect([`${name}${window}`, new Set(own)]).toEqual([`${name}${window}`, new Set([wanted])])
      }
    }
  }
})

test('a board, an alert or another recording rule uses each recorded series', () => {
  const boards = new Map(committedBoards().map((board) => [board.uid, board]))
  const asked = dashboardQueries().flatMap(({ dashboard, expr }) => {
    const windows = boards.get(dashboard)?.templating.list.find(({ name }) => name === 'window')?.query
    const names = readPromql(expr).selectors.map(({ name }) => name)
    return names.flatMap((name) =>
      name.endsWith('$window')
        ? String(windows)
            .split(',')
            .map((window) => name.replace('$window', window))
        : [name],
    )
  })
  const alerts = shippedRules().filter(({ alert }) => alert !== undefined)
  const linked = alerts.flatMap(({ expr, annotations = {} }) => [expr, ...Object.values(annotations)]).join('\n')
  const read = new Set([
    ...asked,
    ...records.map(({ record }) => record).filter((record) => names(linked).includes(record)),
  ])
  for (let before = -1; before !== read.size; ) {
    before = read.size
    for (const { record, expr } of records) {
      if (read.has(record)) {
        for (const name of names(expr)) {
          read.add(name)
        }
      }
    }
  }
  expect(records.map(({ record }) => record).filter((record) => !read.has(record))).toEqual([])
})

test('a board has annotations of the critical alerts that link to it', () => {
  const critical = shippedRules().filter(({ labels }) => labels?.['severity'] === 'critical')
  const linked = critical.map(({ alert, annotations }) => {
    const [, uid] = /\/d\/([a-z-]+)/.exec(annotations?.['dashboard_url'] ?? '') ?? []
    return `${uid} ${alert}`
  })
  const marked = Object.entries(CRITICAL).flatMap(([uid, alerts]) => alerts.map((alert) => `${uid} ${alert}`))
  expect(marked.sort()).toEqual(linked.sort())
})

test('links of alerts lead to existing boards, with variables of these boards', () => {
  const links = shippedRules().flatMap(({ annotations }) => annotations?.['dashboard_url'] ?? [])
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) {
    const [, uid = ''] = /\/d\/([a-z-]+)/.exec(link) ?? []
    expect(Object.values(BOARDS)).toContain(uid)
    const variables = committedBoards()
      .find((board) => board.uid === uid)
      ?.templating.list.map(({ name }) => name)
    for (const [, name] of link.matchAll(/[?&]var-(\w+)=/g)) {
      expect([link, variables]).toEqual([link, expect.arrayContaining([name])])
    }
  }
})

function names(text: string): readonly string[] {
  return text.match(/\b[a-z_]+:[a-z_0-9]+:[a-z0-9_]+/g) ?? []
}
