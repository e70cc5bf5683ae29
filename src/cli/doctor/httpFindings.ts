// Whether the exporter can listen at HTTP_HOST and HTTP_PORT, or already does; and who can read what it serves.

import https from 'node:https'
import { createServer } from 'node:net'
import type { ExporterOptions } from '../../app/exporterOptions.ts'
import { exposureOf } from '../../http/exposure.ts'
import { httpListenError } from '../../http/listenError.ts'
import { http } from '../../process/http.ts'
import { type Finding, faultOf, ok, warning } from './finding.ts'

const HTTP = 'HTTP'

export interface HttpResult {
  readonly isExporterRunning: boolean
  readonly findings: readonly Finding[]
}

type HttpOptions = Pick<ExporterOptions, 'http' | 'web'>

const ANSWERS_WITHIN_MS = 2_000

export async function checkHttp(options: HttpOptions): Promise<HttpResult> {
  const { host, port } = options.http
  const problem = await listenProblem(options.http)
  if (problem === null) {
    return { isExporterRunning: false, findings: [ok(HTTP, `port ${port} is free on ${host}`), ...access(options)] }
  }
  if (problem.code === 'EADDRINUSE' && (await isExporter(options))) {
    const text = `an exporter answers at port ${port} of ${host}`
    return { isExporterRunning: true, findings: [ok(HTTP, text), ...access(options)] }
  }
  return { isExporterRunning: false, findings: [faultOf(HTTP, problem.message.replace(/\.$/, ''))] }
}

interface ListenProblem {
  readonly code: string
  readonly message: string
}

// Listens for a moment.
function listenProblem(address: HttpOptions['http']): Promise<ListenProblem | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : ''
      resolve({ code, message: httpListenError(address, error).message })
    })
    server.listen({ host: address.host, port: address.port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

// The certificate is not checked: nothing is sent but the path, and nothing is believed but that somebody is there.
function isExporter({ http: { host, port }, web: { tls } }: HttpOptions): Promise<boolean> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return new Promise((resolve) => {
    const settings = { host: address, port, path: '/-/healthy', timeout: ANSWERS_WITHIN_MS }
    const request =
      tls === null
        ? http.get(settings)
        : https.get({ ...settings, rejectUnauthorized: false, checkServerIdentity: () => undefined })
    const timer = setTimeout(() => request.destroy(), ANSWERS_WITHIN_MS)
    request.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text = `${text}${part}`.slice(0, 100)
      })
      response.once('close', () => {
        clearTimeout(timer)
        resolve(response.statusCode === 200 && text.trim() === 'healthy')
      })
    })
    request.once('error', () => {
      clearTimeout(timer)
      resolve(false)
    })
  })
}

function access({ http: { host, token }, web }: HttpOptions): readonly Finding[] {
  const exposure = exposureOf({ host, token, web })
  return exposure === null ? [] : [warning(HTTP, exposure.problem, exposure.remedy)]
}
