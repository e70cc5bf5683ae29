// HTTP over TLS on real sockets: versions, client certificates, renewal on disk, and a stop within a second.

import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { HttpListenError } from '../../../src/http/listenError.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import { readWebConfig, type WebConfig } from '../../../src/http/webconfig/webConfig.ts'
import { eventually } from '../../system/program/program.ts'
import { freshFolder, isInstalled, makePair, writeInto } from './certificates.ts'
import { ask } from './request.ts'
import { serve } from './testServer.ts'

const OPENSSL = isInstalled('openssl', 'version')
const read = (path: string): string => readFileSync(path, 'utf8')

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

describe.skipIf(!OPENSSL)('over TLS', () => {
  const folder = freshFolder()
  const server = OPENSSL ? makePair(folder, 'server') : { cert: '', key: '' }
  const clientCa = OPENSSL ? makePair(folder, 'client-ca') : server
  const client = OPENSSL ? makePair(folder, 'client', clientCa) : server
  const other = OPENSSL ? makePair(folder, 'other') : server
  const ca = OPENSSL ? read(server.cert) : ''

  const web = (more = '', certificate = 'server'): WebConfig => {
    const text = `tls_server_config:\n  cert_file: ${certificate}.crt\n  key_file: ${certificate}.key\n${more}`
    const result = readWebConfig(writeInto(folder, 'web.yml', text), read)
    if (!result.ok) {
      throw new Error(result.problems.join('\n'))
    }
    return result.web
  }

  const started = async (config: WebConfig, options: Partial<HttpOptions> = {}, dependencies = {}) => {
    const running = await serve(dependencies, { web: config, ...options })
    open.push(running)
    return running
  }

  test('answers /metrics with the configured certificate, the security headers and HSTS', async () => {
    const { url, security } = await started(web())
    const answer = await ask(`${url}/metrics`, { ca })
    expect([answer.status, answer.text]).toEqual([200, 'a_metric 1\n'])
    expect(answer.tls).toEqual({ name: 'server', version: 'TLSv1.3' })
    expect(answer.headers['strict-transport-security']).toBe('max-age=86400')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(security).toEqual({ tls: true, access: [] })
  })

  test('sends no HSTS over plain HTTP, and does not answer plain HTTP on a TLS port', async () => {
    const plain = await serve()
    open.push(plain)
    expect((await ask(plain.url)).headers['strict-transport-security']).toBeUndefined()
    const { url } = await started(web())
    await expect(ask(url.replace('https:', 'http:'))).rejects.toThrow()
  })

  test('headers of the file replace the defaults; an empty one is not sent', async () => {
    const { url } = await started(
      web(
        "http_server_config:\n  headers:\n    Strict-Transport-Security: ''\n    X-Frame-Options: sameorigin\n    X-XSS-Protection: '0'\n",
      ),
    )
    const { headers } = await ask(url, { ca })
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-frame-options']).toBe('sameorigin')
    expect(headers['x-xss-protection']).toBe('0')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('refuses TLS versions outside the configured range', async () => {
    const newest = await started(web('  min_version: TLS13\n'))
    await expect(ask(newest.url, { ca, maxVersion: 'TLSv1.2' })).rejects.toThrow()
    const older = await started(web('  max_version: TLS12\n'))
    expect((await ask(older.url, { ca })).tls?.version).toBe('TLSv1.2')
    await expect(ask(older.url, { ca, minVersion: 'TLSv1.3' })).rejects.toThrow()
  })

  test('cipher suites restrict TLS 1.2 but not TLS 1.3', async () => {
    const { url } = await started(web('  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n'))
    const older = { ca, maxVersion: 'TLSv1.2' } as const
    await expect(ask(url, { ...older, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).rejects.toThrow()
    expect((await ask(url, { ...older, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).status).toBe(200)
    expect((await ask(url, { ca })).tls?.version).toBe('TLSv1.3')
  })

  describe('client certificates', () => {
    const NONE = 'no certificate'
    const cases: readonly [type: string, accepted: readonly string[]][] = [
      ['NoClientCert', [NONE, 'client', 'other']],
      ['RequestClientCert', [NONE, 'client', 'other']],
      ['RequireClientCert', ['client', 'other']],
      ['RequireAnyClientCert', ['client', 'other']],
      ['VerifyClientCertIfGiven', [NONE, 'client']],
      ['RequireAndVerifyClientCert', ['client']],
    ]
    test.each(cases)('%s accepts clients with %j', async (type, accepted) => {
      const trust = type === 'NoClientCert' ? '' : '  client_ca_file: client-ca.crt\n'
      const { url } = await started(web(`  client_auth_type: ${type}\n${trust}`))
      const certificates = { [NONE]: null, client, other }
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        for (const [name, pair] of Object.entries(certificates)) {
          const identity = pair === null ? {} : { cert: read(pair.cert), key: read(pair.key) }
          const answer = await ask(`${url}/metrics`, { ca, maxVersion: version, ...identity }).catch(() => null)
          expect([name, version, answer?.status]).toEqual([name, version, accepted.includes(name) ? 200 : undefined])
        }
      }
    })
  })

  describe('renewal', () => {
    const put = (from: string): void => {
      copyFileSync(`${folder}/${from}.crt`, `${folder}/live.crt`)
      copyFileSync(`${folder}/${from}.key`, `${folder}/live.key`)
    }
    const trusted = () => ({ ca: [ca, read(other.cert)] })

    test('serves a new certificate on disk without a restart and logs it', async () => {
      put('server')
      const logged: string[] = []
      const log = { info: (_: object, text: string) => logged.push(text), warn: () => {}, error: () => {} }
      const { url } = await started(web('', 'live'), { certificateReloadMs: 20 }, { log })
      expect((await ask(url, trusted())).tls?.name).toBe('server')
      put('other')
      await eventually(
        () => ask(url, trusted()),
        ({ tls }) => tls?.name === 'other',
      )
      expect(logged).toEqual(['the certificate was renewed'])
    })

    test('does not serve a certificate without its key, logs that once, and serves it once the key is there', async () => {
      put('server')
      const logged: string[] = []
      const log = {
        info: (_: object, text: string) => logged.push(text),
        warn: (fields: object, text: string) => logged.push(`${text}: ${JSON.stringify(fields)}`),
        error: () => {},
      }
      const { url } = await started(web('', 'live'), { certificateReloadMs: 20 }, { log })
      writeFileSync(`${folder}/live.crt`, read(other.cert))
      await eventually(
        () => logged.length,
        (length) => length > 0,
      )
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(logged).toEqual([
        expect.stringMatching(/^the certificate on disk cannot be used, the old one stays: .*is not the key of/),
      ])
      expect((await ask(url, trusted())).tls?.name).toBe('server')
      writeFileSync(`${folder}/live.key`, read(other.key))
      await eventually(
        () => ask(url, trusted()),
        ({ tls }) => tls?.name === 'other',
      )
      expect(logged[1]).toBe('the certificate was renewed')
    })
  })

  test('a file that was deleted after the check is reported in one line', async () => {
    const config = web()
    if (config.tls === null) {
      throw new Error('no TLS')
    }
    const gone = { ...config, tls: { ...config.tls, keyFile: `${folder}/gone.key` } }
    const error: unknown = await serve({}, { web: gone }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(HttpListenError)
    expect(String(error)).toContain(`tls_server_config.key_file: ${folder}/gone.key cannot be read`)
  })

  test('stops within a second despite a connection that never finishes the handshake', async () => {
    const running = await started(web())
    const silent = connect(running.port, '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    await ask(running.url, { ca })
    const begin = performance.now()
    await running.stop()
    expect(performance.now() - begin).toBeLessThan(1_000)
    silent.destroy()
  })
})
