// The server over real sockets: answers, headers, start and stop.

import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { HttpListenError } from '../../../src/http/listenError.ts'
import { METRICS_TYPE, serve, serviceStatus } from './testServer.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

async function started(...args: Parameters<typeof serve>) {
  const server = await serve(...args)
  open.push(server)
  return server
}

/** Sends one request; the body is not decompressed. */
async function raw(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; body: Buffer }> {
  const request = get(url, { headers, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response === undefined) {
    throw new Error('no response')
  }
  const chunks: Buffer[] = []
  for await (const chunk of response) {
    chunks.push(Buffer.from(chunk))
  }
  return { response, body: Buffer.concat(chunks) }
}

describe('/metrics', () => {
  test('is sent with its own media type, without ETag, and not cached', async () => {
    const { url } = await started()
    const { response, body } = await raw(`${url}/metrics`, { 'If-None-Match': '*' })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe(METRICS_TYPE)
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.headers.etag).toBeUndefined()
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers.vary).toBe('Accept, Accept-Encoding')
    expect(body.toString()).toBe('a_metric 1\n')
  })

  test('is compressed if the client accepts gzip', async () => {
    const text = 'a_metric{label="ü"} 1\n'.repeat(500)
    const { url } = await started({ metrics: async () => ({ contentType: METRICS_TYPE, body: text }) })
    for (const accepted of ['gzip', 'gzip;q=0.5, identity;q=0.1', 'br, gzip, deflate']) {
      const { response, body } = await raw(`${url}/metrics`, { 'Accept-Encoding': accepted })
      expect(response.headers['content-encoding']).toBe('gzip')
      expect(response.headers['content-type']).toBe(METRICS_TYPE)
      expect(body.length).toBeLessThan(text.length / 10)
      expect(gunzipSync(body).toString()).toBe(text)
    }
    for (const rejected of ['identity', 'gzip;q=0', 'br']) {
      const { response, body } = await raw(`${url}/metrics`, { 'Accept-Encoding': rejected })
      expect(response.headers['content-encoding']).toBeUndefined()
      expect(body.toString()).toBe(text)
    }
  })

  test('is sent in the format that the client prefers, compressed or not, also for HEAD', async () => {
    const types = { text: METRICS_TYPE, openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8' }
    const { url } = await started({
      metrics: async (format) => ({ contentType: types[format], body: `a_metric{form="${format}"} 1\n` }),
    })
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
    for (const [headers, format] of [
      [{ Accept: accept }, 'openmetrics'],
      [{ Accept: accept, 'Accept-Encoding': 'gzip' }, 'openmetrics'],
      [{ Accept: 'text/html,*/*;q=0.8' }, 'text'],
      [{}, 'text'],
    ] as const) {
      const { response, body } = await raw(`${url}/metrics`, headers)
      expect(response.headers['content-type']).toBe(types[format])
      expect(response.headers.vary).toBe('Accept, Accept-Encoding')
      const isCompressed = response.headers['content-encoding'] === 'gzip'
      expect(isCompressed).toBe('Accept-Encoding' in headers)
      expect((isCompressed ? gunzipSync(body) : body).toString()).toBe(`a_metric{form="${format}"} 1\n`)
    }
    const head = await fetch(`${url}/metrics`, { method: 'HEAD', headers: { accept } })
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, types.openmetrics, ''])
  })

  test('answers 500 without details after a failure, logs it once, and answers the next request', async () => {
    const logged: string[] = []
    let failing = true
    const { url } = await started({
      metrics: async () => {
        if (failing) {
          throw new Error('secret detail')
        }
        return { contentType: METRICS_TYPE, body: 'fine 1\n' }
      },
      log: { info: () => {}, warn: () => {}, error: (_fields, message) => logged.push(message) },
    })
    const response = await fetch(`${url}/metrics`)
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe('internal error\n')
    expect(logged).toEqual(['request failed'])
    failing = false
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('fine 1\n')
    expect(logged).toHaveLength(1)
  })
})

test.each(['/client/%ff', '/%ff', '/client/%', '/-/%E0%A4%A'])(
  'answers 404 for the invalid percent-encoding %s and logs nothing',
  async (path) => {
    const logged: string[] = []
    const log = { info: () => {}, warn: () => {}, error: (_fields: object, message: string) => logged.push(message) }
    const { url } = await started({ log })
    const { response, body } = await raw(url + path)
    expect([response.statusCode, body.toString()]).toEqual([404, 'not found\n'])
    expect(logged).toEqual([])
  },
)

describe('health and readiness', () => {
  test('reports healthy without a session, and ready only in sync', async () => {
    let status = serviceStatus({ inSync: false, problem: 'ARI_URL refused\n the connection' })
    const { url } = await started({ status: () => status })
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200)
    const notReady = await fetch(`${url}/-/ready`)
    expect(notReady.status).toBe(503)
    expect(await notReady.text()).toBe('not ready: ARI_URL refused the connection\n')
    status = serviceStatus({ inSync: false, problem: null })
    expect(await (await fetch(`${url}/-/ready`)).text()).toMatch(/^not ready: \S.*\n$/)
    status = serviceStatus()
    const ready = await fetch(`${url}/-/ready`)
    expect([ready.status, await ready.text()]).toEqual([200, 'ready\n'])
  })
})

describe('the page and its headers', () => {
  test('is HTML with a policy that allows scripts and styles of this server only, none inline', async () => {
    const { url } = await started()
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
  })

  test('serves every script that the page loads as JavaScript, and no other file', async () => {
    const { url } = await started()
    const loaded = new Set<string>()
    const load = async (address: string): Promise<void> => {
      if (loaded.has(address)) {
        return
      }
      loaded.add(address)
      const response = await fetch(address)
      expect([address, response.status, response.headers.get('content-type')]).toEqual([
        address,
        200,
        'text/javascript; charset=utf-8',
      ])
      const text = await response.text()
      expect(text).not.toMatch(/^import type|\binterface \w+ \{/m)
      for (const [, from = ''] of text.matchAll(/\bfrom '([^']+)'/g)) {
        await load(new URL(from, address).href)
      }
    }
    const html = await (await fetch(url)).text()
    const [, main = ''] = /<script type="module" src="([^"]+)">/.exec(html) ?? []
    await load(new URL(main, `${url}/`).href)
    expect(loaded.size).toBeGreaterThan(10)
    const style = await fetch(`${url}/${/rel="stylesheet" href="([^"]+)"/.exec(html)?.[1]}`)
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
    const rules = await style.text()
    expect([rules.includes('@import'), rules.includes('.u-legend'), rules.includes('.live .voice')]).toEqual([
      false,
      true,
      true,
    ])
    for (const path of ['tsconfig.json', 'nothing.ts', '..%2fapp.ts', '%2e%2e/app.ts', 'style.css/x']) {
      expect([path, (await fetch(`${url}/client/${path}`)).status]).toEqual([path, 404])
    }
  })

  test.each(['/', '/metrics', '/-/ready', '/nowhere'])(
    '%s has the security headers and does not name its framework',
    async (path) => {
      const { url } = await started()
      const { headers } = await fetch(url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('etag')).toBeNull()
    },
  )

  test('answers 404 for an unknown path and 405 for another method, in short plain text', async () => {
    const { url } = await started()
    for (const path of ['/nowhere', '/%ff', '/metrics/x', '/../etc/passwd']) {
      const response = await fetch(url + path)
      expect([response.status, await response.text()]).toEqual([404, 'not found\n'])
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
    const post = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await post.text()).toBe('only GET and HEAD are answered\n')
  })

  test('answers HEAD with the headers of GET and no body', async () => {
    const { url } = await started()
    const response = await fetch(`${url}/metrics`, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, METRICS_TYPE])
    expect(await response.text()).toBe('')
  })
})

describe('starting', () => {
  const errorOf = async (options: { host?: string; port?: number }): Promise<Error> => {
    const error: unknown = await started({}, options).catch((reason: unknown) => reason)
    if (!(error instanceof HttpListenError)) {
      throw new Error(`not an HttpListenError: ${String(error)}`)
    }
    expect(error.message).toMatch(/^[^\n]+\.$/)
    return error
  }

  test('the error for a port in use names HTTP_PORT and the remedy', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const address = blocker.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { message, cause } = await errorOf({ port })
    blocker.close()
    expect(message).toContain(`HTTP_PORT=${port} is in use`)
    expect(message).toContain('set HTTP_PORT to a free port')
    expect(cause).toBeInstanceOf(Error)
  })

  test('the error for an address of another machine names HTTP_HOST', async () => {
    expect((await errorOf({ host: '192.0.2.1' })).message).toContain(
      'HTTP_HOST=192.0.2.1 is not an address of this machine',
    )
  })

  test('the error for a port out of range names HTTP_PORT', async () => {
    expect((await errorOf({ port: 70_000 })).message).toContain('HTTP_PORT=70000 is not a port')
  })
})

describe('stopping', () => {
  test('ends within a second despite idle connections, a half-sent request and an unanswered one, and frees the port', async () => {
    let onRequest = (): void => {}
    const requested = new Promise<void>((resolve) => {
      onRequest = resolve
    })
    const server = await serve({
      metrics: () => {
        onRequest()
        return new Promise(() => {})
      },
    })
    const agent = new Agent({ keepAlive: true })
    const idle = get(`${server.url}/-/healthy`, { agent })
    const [response]: IncomingMessage[] = await once(idle, 'response')
    response?.resume()
    const stuck = fetch(`${server.url}/metrics`).then(
      () => 'answered',
      () => 'disconnected',
    )
    const halfSent = connect(server.port, '127.0.0.1', () => halfSent.write('GET /metrics HTTP/1.1\r\n'))
    halfSent.on('error', () => {})
    await requested
    const begin = performance.now()
    await server.stop()
    expect(performance.now() - begin).toBeLessThan(1_000)
    expect(await stuck).toBe('disconnected')
    agent.destroy()
    halfSent.destroy()
    await started({}, { port: server.port })
  })

  test('a request that is answered within the grace period gets its answer', async () => {
    let onRequest = (): void => {}
    const requested = new Promise<void>((resolve) => {
      onRequest = resolve
    })
    let answer = (): void => {}
    const server = await serve({
      metrics: async () => {
        onRequest()
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        return { contentType: METRICS_TYPE, body: 'late 1\n' }
      },
    })
    const response = fetch(`${server.url}/metrics`).then((each) => each.text())
    await requested
    const stopped = server.stop()
    answer()
    expect(await response).toBe('late 1\n')
    await stopped
  })
})
