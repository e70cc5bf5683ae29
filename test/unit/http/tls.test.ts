// HTTP over TLS on real sockets: versions, client certificates, renewal on disk, and an end within a second.

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
  const ours = OPENSSL ? makePair(folder, 'ours') : { cert: '', key: '' }
  const clientCa = OPENSSL ? makePair(folder, 'client-ca') : ours
  const client = OPENSSL ? makePair(folder, 'client', clientCa) : ours
  const stranger = OPENSSL ? makePair(folder, 'stranger') : ours
  const ca = OPENSSL ? read(ours.cert) : ''

  const web = (more = '', certificate = 'ours'): WebConfig => {
    const text = `tls_server_config:\n  cert_file: ${certificate}.crt\n  key_file: ${certificate}.key\n${more}`
    const result = readWebConfig(writeInto(folder, 'web.yml', text), read)
    if (!result.ok) {
      throw new Error(result.problems.join('\n'))
    }
    return result.web
  }

  const started = async (config: WebConfig, options: Partial<HttpOptions> = {}, sources = {}) => {
    const server = await serve(sources, { web: config, ...options })
    open.push(server)
    return server
  }

  test('/metrics is answered with our certificate; the headers stand, with HSTS beside them', async () => {
    const { url, security } = await started(web())
    const answer = await ask(`${url}/metrics`, { ca })
    expect([answer.status, answer.text]).toEqual([200, 'a_metric 1\n'])
    expect(answer.tls).toEqual({ name: 'ours', version: 'TLSv1.3' })
    expect(answer.headers['strict-transport-security']).toBe('max-age=86400')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(security).toEqual({ tls: true, access: [] })
  })

  test('plain HTTP has no HSTS; a TLS port answers nothing in plain', async () => {
    const plain = await serve()
    open.push(plain)
    expect((await ask(plain.url)).headers['strict-transport-security']).toBeUndefined()
    const { url } = await started(web())
    await expect(ask(url.replace('https:', 'http:'))).rejects.toThrow()
  })

  test('headers of the file win over ours, and an empty one is not sent', async () => {
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

  test('versions outside the bounds are refused', async () => {
    const newest = await started(web('  min_version: TLS13\n'))
    await expect(ask(newest.url, { ca, maxVersion: 'TLSv1.2' })).rejects.toThrow()
    const older = await started(web('  max_version: TLS12\n'))
    expect((await ask(older.url, { ca })).tls?.version).toBe('TLSv1.2')
    await expect(ask(older.url, { ca, minVersion: 'TLSv1.3' })).rejects.toThrow()
  })

  test('cipher suites bind TLS 1.2 and leave TLS 1.3 alone', async () => {
    const { url } = await started(web('  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n'))
    const older = { ca, maxVersion: 'TLSv1.2' } as const
    await expect(ask(url, { ...older, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).rejects.toThrow()
    expect((await ask(url, { ...older, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).status).toBe(200)
    expect((await ask(url, { ca })).tls?.version).toBe('TLSv1.3')
  })

  describe('client certificates', () => {
    const NOBODY = 'without one'
    const cases: readonly [type: string, letsIn: readonly string[]][] = [
      ['NoClientCert', [NOBODY, 'client', 'stranger']],
      ['RequestClientCert', [NOBODY, 'client', 'stranger']],
      ['RequireClientCert', ['client', 'stranger']],
      ['RequireAnyClientCert', ['client', 'stranger']],
      ['VerifyClientCertIfGiven', [NOBODY, 'client']],
      ['RequireAndVerifyClientCert', ['client']],
    ]
    test.each(cases)('%s lets in %j', async (type, letsIn) => {
      const trust = type === 'NoClientCert' ? '' : '  client_ca_file: client-ca.crt\n'
      const { url } = await started(web(`  client_auth_type: ${type}\n${trust}`))
      const shown = { [NOBODY]: null, client, stranger }
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        for (const [name, pair] of Object.entries(shown)) {
          const identity = pair === null ? {} : { cert: read(pair.cert), key: read(pair.key) }
          const answer = await ask(`${url}/metrics`, { ca, maxVersion: version, ...identity }).catch(() => null)
          expect([name, version, answer?.status]).toEqual([name, version, letsIn.includes(name) ? 200 : undefined])
        }
      }
    })
  })

  describe('renewal', () => {
    const put = (from: string): void => {
      copyFileSync(`${folder}/${from}.crt`, `${folder}/live.crt`)
      copyFileSync(`${folder}/${from}.key`, `${folder}/live.key`)
    }
    const trusted = () => ({ ca: [ca, read(stranger.cert)] })

    test('a new certificate on disk is served without a restart, and that is said', async () => {
      put('ours')
      const said: string[] = []
      const log = { info: (_: object, text: string) => said.push(text), warn: () => {}, error: () => {} }
      const { url } = await started(web('', 'live'), { certificateReloadMs: 20 }, { log })
      expect((await ask(url, trusted())).tls?.name).toBe('ours')
      put('stranger')
      await eventually(
        () => ask(url, trusted()),
        ({ tls }) => tls?.name === 'stranger',
      )
      expect(said).toEqual(['the certificate was renewed'])
    })

    test('what cannot be used is not served, said once, and forgotten when it is right again', async () => {
      put('ours')
      const said: string[] = []
      const log = {
        info: (_: object, text: string) => said.push(text),
        warn: (fields: object, text: string) => said.push(`${text}: ${JSON.stringify(fields)}`),
        error: () => {},
      }
      const { url } = await started(web('', 'live'), { certificateReloadMs: 20 }, { log })
      writeFileSync(`${folder}/live.crt`, read(stranger.cert))
      await eventually(
        () => said.length,
        (length) => length > 0,
      )
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(said).toEqual([
        expect.stringMatching(/^the certificate on disk cannot be used, the old one stays: .*is not the key of/),
      ])
      expect((await ask(url, trusted())).tls?.name).toBe('ours')
      writeFileSync(`${folder}/live.key`, read(stranger.key))
      await eventually(
        () => ask(url, trusted()),
        ({ tls }) => tls?.name === 'stranger',
      )
      expect(said[1]).toBe('the certificate was renewed')
    })
  })

  test('files that are gone between the check and the start are told in one line', async () => {
    const config = web()
    if (config.tls === null) {
      throw new Error('no TLS')
    }
    const gone = { ...config, tls: { ...config.tls, keyFile: `${folder}/gone.key` } }
    const error: unknown = await serve({}, { web: gone }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(HttpListenError)
    expect(String(error)).toContain(`tls_server_config.key_file: ${folder}/gone.key cannot be read`)
  })

  test('stops within a second although somebody never finishes the handshake', async () => {
    const server = await started(web())
    const silent = connect(server.port, '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    await ask(server.url, { ca })
    const begin = performance.now()
    await server.stop()
    expect(performance.now() - begin).toBeLessThan(1_000)
    silent.destroy()
  })
})
