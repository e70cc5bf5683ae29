// HTTP server of the page on loopback: the files of the boards, and a proxy to Prometheus and to the exporter's API.
//
// Reads grafana/dashboards at each request, so that a regenerated board is shown.

import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asset, Assets } from './assets.ts'
import type { CallLogs } from './callLogs.ts'

const BOARDS = new URL('../dashboards/', import.meta.url)

const HTML = `<!doctype html><meta charset=utf-8><title>Boards</title><link rel=icon href=data:,><style>body{margin:0}#root{font-family:Inter}</style>
<link rel=stylesheet href=/page.css><body><div id=root></div><script src=/page.js></script>`

export interface PageServer {
  readonly url: string
  readonly stop: () => void
}

interface Sources {
  readonly assets: Assets
  /** Where Prometheus is, `http://host:port`. */
  readonly prometheus: string
  /** For the call log board. */
  readonly callLogs?: CallLogs | undefined
  /** Default: any free one. */
  readonly port?: number | undefined
}

/** Resolves when it listens. */
export async function servePage(sources: Sources): Promise<PageServer> {
  const server = createServer((request, response) => {
    const [, at, rest] = /^\/exporter\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? []
    const exporter = sources.callLogs?.at(Number(at))
    if (exporter !== undefined) {
      exporter(Object.assign(request, { url: rest }), response)
      return
    }
    answer(request.url ?? '/', sources).then(
      (asset) => send(response, asset),
      (error: unknown) => send(response, json({ status: 'error', error: String(error) })),
    )
  })
  await new Promise<void>((resolve) => server.listen(sources.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close().closeAllConnections() }
}

async function answer(url: string, { assets, prometheus }: Sources): Promise<Asset | null> {
  const { pathname, search } = new URL(url, 'http://page')
  if (pathname === '/') {
    return { type: 'text/html', body: Buffer.from(HTML) }
  }
  const [, board] = /^\/boards\/([a-z-]+\.json)$/.exec(pathname) ?? []
  if (board !== undefined) {
    return { type: 'application/json', body: await readFile(new URL(board, BOARDS)) }
  }
  if (pathname.startsWith('/exporter/')) {
    return json({ error: 'connection refused' })
  }
  const [, path] = /^\/prometheus(\/.*)$/.exec(pathname) ?? []
  if (path === undefined) {
    return assets(pathname)
  }
  return { type: 'application/json', body: Buffer.from(await (await fetch(prometheus + path + search)).arrayBuffer()) }
}

function json(value: unknown): Asset {
  return { type: 'application/json', body: Buffer.from(JSON.stringify(value)) }
}

function send(response: ServerResponse, asset: Asset | null): void {
  if (asset === null) {
    response.writeHead(404).end()
  } else {
    response.writeHead(200, { 'content-type': asset.type }).end(asset.body)
  }
}
