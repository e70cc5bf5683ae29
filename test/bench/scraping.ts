// One scrape as Prometheus makes it, timed, and what it weighs.

import { get as ask } from 'node:http'
import { gunzipSync } from 'node:zlib'

export interface Scrape {
  /** From the request to the last byte. */
  readonly ms: number
  /** Bytes on the wire. */
  readonly bytes: number
  readonly text: string
}

/** With gzip, as Prometheus asks for it. Rejects on any status but 200. */
export function gzipped(port: number): Promise<Scrape> {
  return request({ port, path: '/metrics', headers: { 'accept-encoding': 'gzip' } })
}

/** Without. */
export function plain(port: number): Promise<Scrape> {
  return request({ port, path: '/metrics', headers: { 'accept-encoding': 'identity' } })
}

/** Any path of a server on this machine. */
export function request(options: {
  readonly port: number
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}): Promise<Scrape> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', ...options, headers: { ...options.headers } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const ms = performance.now() - begun
        const body = Buffer.concat(parts)
        if (answer.statusCode !== 200) {
          reject(new Error(`${options.path} answered ${answer.statusCode}`))
        } else {
          resolve({ ms, bytes: body.length, text: textOf(body, answer.headers['content-encoding']) })
        }
      })
    })
    asked.on('error', reject)
  })
}

/** Samples in an exposition. */
export function seriesIn(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

function textOf(body: Buffer, encoding: string | undefined): string {
  return (encoding === 'gzip' ? gunzipSync(body) : body).toString()
}
