// Host names that the server answers to, on every path over real sockets, and pages that may open a websocket.

import { afterEach, describe, expect, test } from 'vitest'
import { createAllowedHosts } from '../../../src/http/auth/allowedHosts.ts'
import { FOREIGN_HOSTS, PATHS } from './foreignHosts.ts'
import { ask } from './request.ts'
import { serve } from './testServer.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

async function started(allowedHosts: readonly string[] = []) {
  const server = await serve({}, { allowedHosts })
  open.push(server)
  return server.url
}

describe('a request', () => {
  test.each(FOREIGN_HOSTS)(
    'for %j is answered with a 421 that names the setting and reveals nothing else',
    async (host) => {
      const url = await started()
      for (const path of PATHS) {
        const answer = await ask(url + path, { headers: { host } })
        expect([path, answer.status, answer.text]).toEqual([path, 421, expect.stringContaining('HTTP_ALLOWED_HOSTS')])
        expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      }
    },
  )

  test.each(['localhost', 'LOCALHOST:9745', '127.0.0.1', '[::1]:9745', '192.0.2.7:80', 'pbx', 'PBX.Example.org:443'])(
    'for %j is answered',
    async (host) => {
      const url = await started(['pbx', 'pbx.example.org'])
      expect((await ask(`${url}/metrics`, { headers: { host } })).status).toBe(200)
    },
  )
})

test.each([
  [undefined, 'pbx:9745', true],
  ['http://pbx:9745', 'pbx:9745', true],
  ['https://PBX', 'pbx:443', true],
  ['http://[::1]:9745', '[::1]:9745', true],
  ['http://127.0.0.1:9745', '127.0.0.1:9745', true],
  // Behind a proxy that replaces Host.
  ['https://pbx', '127.0.0.1:9745', true],
  ['http://127.0.0.1:9746', '127.0.0.1:9745', false],
  ['http://203.0.113.5', '127.0.0.1:9745', false],
  ['http://evil.example', 'pbx:9745', false],
  ['http://evil.example:9745', 'evil.example:9745', false],
  [undefined, 'evil.example:9745', false],
  ['http://pbx:9745.evil.example', 'pbx:9745', false],
  ['null', 'pbx:9745', false],
  ['file://', 'pbx:9745', false],
  ['chrome-extension://abc', 'pbx:9745', false],
  ['', 'pbx:9745', false],
  ['http://127.0.0.1', undefined, false],
])('a page of %s may open a websocket to %s: %s', (origin, host, isAllowed) => {
  expect(createAllowedHosts(['pbx']).mayOpenSocket(origin, host)).toBe(isAllowed)
})
