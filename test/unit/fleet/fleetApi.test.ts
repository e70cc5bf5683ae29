// The API of a fleet: its answers, its parameters, and its OpenAPI document.

import { hashSync } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import { fleetRouter } from '../../../src/http/api/fleetRouter.ts'
import { QueryFailure } from '../../../src/query/queryFailure.ts'
import { isoInstant } from '../../../src/time/format.ts'
import { T0 } from '../calllog/samples.ts'
import {
  differences,
  documentedIn,
  documentOf,
  looseEnds,
  refusedParameters,
  routesOf,
  urlOf,
} from '../http/openapiCheck.ts'
import { ask } from '../http/request.ts'
import { type Asked, CALL, fixedQueries, fleetSources, NODES, serveFleet } from './fleetServer.ts'
import { activeCall } from './messages.ts'

const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  '/api/calls': ['', '?site=helsinki&site=turku', '?total=true', '?limit=0', '?x=1'],
  '/api/calls.csv': ['?site=helsinki', '?total=true'],
  '/api/missed-callers.csv': ['?site=helsinki', '?x=1'],
  '/api/calls/active': ['', '?site=turku', '?limit=0'],
  '/api/calls/{id}': ['log-1.17', '1772600767.1', 'log-1.99', 'log-1.17?x=1'],
  '/api/missed-callers': ['', '?site=helsinki', '?limit=0'],
  '/api/operators': ['', '?site=helsinki', '?from=x'],
  '/api/queues': ['', '?site=helsinki&within=30', '?within=x'],
  '/api/trunks': ['', '?site=helsinki', '?x=1'],
  '/api/stats': ['', '?site=helsinki', '?to=x', '?by=queue', '?by=x'],
  '/api/sites': ['', '?x=1'],
  '/api/nodes': ['', '?x=1'],
  '/api/sd': ['', '?x=1'],
  '/api/openapi.json': ['', '?x=1'],
}

const json = async (url: string) => JSON.parse((await ask(url)).text)

describe('the document', () => {
  test('has exactly the routes and the parameters of the API, and no loose ends', async () => {
    const url = await serveFleet()
    const document = await documentOf(url)
    const routes = routesOf(fleetRouter({ name: 'x', version: '1' }, fleetSources()))
    expect(routes.length).toBeGreaterThan(4)
    expect(documentedIn(document).toSorted()).toEqual(routes.toSorted())
    expect(await refusedParameters(url, document)).toEqual([])
    expect(looseEnds(document)).toEqual([])
    expect(document.paths['/api/calls']?.['get']?.parameters.map(({ name }) => name)).toContain('site')
  })

  test('matches every answer', async () => {
    const url = await serveFleet()
    const document = await documentOf(url)
    const answers = new Set<string>()
    for (const path of Object.keys(document.paths)) {
      expect([path, REQUESTS[path]?.length ?? 0]).not.toEqual([path, 0])
      for (const suffix of REQUESTS[path] ?? []) {
        const answer = await ask(url + urlOf(path, suffix))
        answers.add(`${path} ${answer.status} ${answer.headers['content-type']?.split(';')[0]}`)
        expect([path, suffix, differences(document, path, answer)]).toEqual([path, suffix, []])
      }
      expect([...answers]).toContain(`${path} 200 ${path.endsWith('.csv') ? 'text/csv' : 'application/json'}`)
      expect([...answers]).toContain(`${path} 400 application/problem+json`)
    }
    expect([...answers]).toContain('/api/calls/{id} 404 application/problem+json')
  })

  test('matches a 401, and a 503 while the central call log cannot be read', async () => {
    const fail = () => Promise.reject(new QueryFailure('unreadable', 'the database does not answer'))
    const busy = await serveFleet({
      queries: { ...fixedQueries(), page: fail, detail: fail, stats: fail, sites: fail },
    })
    const document = await documentOf(busy)
    for (const path of ['/api/calls', '/api/calls/{id}', '/api/stats', '/api/sites']) {
      const answer = await ask(busy + urlOf(path, path.includes('{id}') ? '1' : ''))
      expect([path, answer.status, differences(document, path, answer)]).toEqual([path, 503, []])
    }
    const web = { tls: null, headers: new Map(), users: new Map([['alice', hashSync('secret-word', 4)]]) }
    const restricted = await serveFleet({}, { web })
    for (const path of Object.keys(document.paths)) {
      const answer = await ask(restricted + urlOf(path, path.includes('{id}') ? '1' : ''))
      expect([path, answer.status, differences(document, path, answer)]).toEqual([path, 401, []])
    }
  })
})

describe('sites', () => {
  test('become part of the filter and of the period', async () => {
    const asked: Asked[] = []
    const url = await serveFleet({ queries: fixedQueries(asked) })
    await ask(`${url}/api/calls?site=helsinki&site=turku,%20oulu&missed=true`)
    await ask(`${url}/api/missed-callers?site=turku&state=waiting`)
    await ask(`${url}/api/operators?site=turku&from=2026-01-01&to=2026-01-02`)
    await ask(`${url}/api/stats?from=2026-01-01&to=2026-01-02`)
    const period = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) }
    expect(asked).toEqual([
      {
        query: 'page',
        request: { filter: { missed: true, site: ['helsinki', 'turku', 'oulu'] }, order: 'newest', limit: 50 },
      },
      {
        query: 'missedCallers',
        request: { filter: { state: ['waiting'], site: ['turku'] }, order: 'newest', limit: 50 },
      },
      { query: 'operators', request: { ...period, site: ['turku'] } },
      { query: 'stats', request: period },
    ])
  })

  test.each(['/api/calls', '/api/calls/active', '/api/stats'])('of %s that are wrong are a problem', async (path) => {
    const url = await serveFleet()
    const answer = await ask(`${url}${path}?site=a,,b`)
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      400,
      { problems: ['site: give the names of at most 100 sites, with commas between'] },
    ])
    expect((await ask(`${url}${path}?sites=a`)).text).toMatch(/sites: not a known parameter; there are: .*\bsite\b/)
  })
})

test('a fleet says why it does not tell changes', async () => {
  const answer = await ask(`${await serveFleet()}/api/calls?updated_since=2026-01-01`)
  const why = expect.stringMatching(/^updated_since: not in a fleet: .*ask the exporter of each site$/)
  expect([answer.status, JSON.parse(answer.text).problems]).toEqual([400, [why]])
})

test('a path whose answer is not of sites takes none', async () => {
  expect((await ask(`${await serveFleet()}/api/nodes?site=a`)).status).toBe(400)
})

test('a call is found by its id and by its channel, with its links', async () => {
  const url = await serveFleet()
  const story = await json(`${url}/api/calls/${CALL.id}`)
  expect(story).toMatchObject({
    ...{ id: 'log-1.17', site: 'helsinki', returned_by: 'log-1.20' },
    recording_url: 'https://rec.example.org/in%201.wav',
  })
  expect(await json(`${url}/api/calls/${CALL.channel_id}`)).toEqual(story)
})

test('the active calls of all sites are told, the oldest first, with the number of all', async () => {
  const url = await serveFleet()
  const channels = ({ calls }: { calls: { channel_id: string }[] }) => calls.map(({ channel_id }) => channel_id)
  const all = await json(`${url}/api/calls/active?limit=2`)
  expect([all.total, channels(all)]).toEqual([3, ['older', 'newer']])
  const some = await json(`${url}/api/calls/active?site=turku`)
  expect([some.total, channels(some)]).toEqual([2, ['older', 'last']])
})

test('what an operator does now is unknown', async () => {
  const { operators } = await json(`${await serveFleet()}/api/operators`)
  expect(operators).toMatchObject([{ operator: '102', site: 'helsinki', state: null }])
})

test('Prometheus gets a target for each node, with its scheme, its path and its site', async () => {
  expect(await json(`${await serveFleet()}/api/sd`)).toEqual([
    { targets: ['pbx1.example.org:9745'], labels: { __scheme__: 'https', site: 'helsinki' } },
    { targets: ['10.0.0.2:80'], labels: { __scheme__: 'http', __metrics_path__: '/telemetry/metrics' } },
  ])
})

test('queues have the figures of the central call log, and who waits by the live calls of nodes in sync', async () => {
  const queued = (site: string, queue: string) => ({
    ...activeCall(`${site}-${queue}`),
    ...{ id: null, site, queue, state: 'queued' as const },
  })
  const live = [queued('helsinki', 'sales'), queued('helsinki', 'sales'), queued('turku', 'sales')]
  const url = await serveFleet({ live: () => [...live, { ...queued('helsinki', 'sales'), state: 'talking' }] })
  const { queues, ...asked } = JSON.parse((await ask(`${url}/api/queues?from=2026-03-04&to=2026-03-05`)).text)
  expect(asked).toMatchObject({ from: '2026-03-04T00:00:00.000Z', to: '2026-03-05T00:00:00.000Z', within_seconds: 20 })
  const unknown = { longest_wait_seconds: null, agents: null }
  const none = { offered: 0, answered: 0, abandoned: 0, exited: 0, average_wait_seconds: null, service_level: null }
  expect(queues).toEqual([
    { queue: 'sales', site: 'helsinki', waiting: 2, ...unknown, ...none },
    {
      ...{ queue: 'sales', site: 'turku', waiting: null, ...unknown, offered: 4, answered: 2, abandoned: 1, exited: 1 },
      ...{ average_wait_seconds: 12.5, service_level: 0.25 },
    },
  ])
  const one = JSON.parse((await ask(`${url}/api/queues?site=turku`)).text)
  expect(one.queues.map(({ site }: { site: string }) => site)).toEqual(['turku'])
})

test('trunks have what the central call log has of them', async () => {
  const busiest = { site: 'turku', trunk: 'trunk-a', start: T0, seizures: 3, ms: 1_800_000 }
  const queries = { ...fixedQueries(), busiestHours: async () => ({ from: T0, to: T0 + 1, trunks: [busiest] }) }
  const { trunks } = JSON.parse((await ask(`${await serveFleet({ queries })}/api/trunks?site=turku`)).text)
  expect(trunks).toEqual([
    {
      ...{ trunk: 'trunk-a', site: 'turku', state: 'known', channels: null, calls_now: null, endpoint_state: null },
      today: {
        ...{ attempts: 4, answered: 3, answered_share: 0.75 },
        last_fault: { time: isoInstant(T0), result: 'congestion', cause: 34 },
      },
      busiest_hour: { start: isoInstant(T0), seizures: 3, erlangs: 0.5, lines_needed: expect.any(Number) },
    },
  ])
})

test('Prometheus keeps its targets while a node was not asked for its name yet', async () => {
  const url = await serveFleet({ nodes: () => NODES.map((node) => ({ ...node, state: 'connecting' })) })
  const answer = await ask(`${url}/api/sd`)
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
})

test.each(['agents', 'endpoints'])('a fleet says why it has no %s', async (name) => {
  const answer = await ask(`${await serveFleet()}/api/${name}`)
  expect([answer.status, JSON.parse(answer.text).problems[0]]).toEqual([
    404,
    expect.stringMatching(/^not in a fleet: /),
  ])
})

test('a fleet answers only GET and HEAD, also to what it does not have', async () => {
  const url = await serveFleet()
  for (const path of ['agents', 'endpoints', 'trunks', 'calls', 'nodes']) {
    const answer = await fetch(`${url}/api/${path}`, { method: 'POST' })
    expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD'])
  }
})
