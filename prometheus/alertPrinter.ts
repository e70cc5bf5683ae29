// Prints the messages of Alertmanager: the receiver of the configuration as shipped, before mail or chat are set up.
//
// A line on standard output for each firing or resolved alert: `docker compose logs -f notices`. It stores and forwards nothing,
// and needs only Node.js: node alertPrinter.ts (NOTICES_PORT, 9099). Its input is Alertmanager's webhook, version 4; the last
// part of the path is the name of the receiver.

import { createServer, type Server } from 'node:http'

const DEFAULT_PORT = 9099
const MAX_BODY_BYTES = 1024 * 1024

type Fields = Readonly<Record<string, unknown>>

/** A line for each alert of a webhook's body; null if the body is not one of Alertmanager. */
export function noticesOf(receiver: string, body: string): readonly string[] | null {
  const alerts = fieldsOf(parsed(body))['alerts']
  return Array.isArray(alerts) ? alerts.map((alert) => line(receiver, fieldsOf(alert))) : null
}

function line(receiver: string, alert: Fields): string {
  const [labels, annotations] = [fieldsOf(alert['labels']), fieldsOf(alert['annotations'])]
  const isOver = alert['status'] === 'resolved'
  const what = `${text(annotations['summary'])}: ${text(annotations['description'])}`
  const times = `since ${text(alert['startsAt'])}${isOver ? `, over at ${text(alert['endsAt'])}` : ''}`
  const links = `look ${text(annotations['dashboard_url'])} do ${text(annotations['runbook_url'])}`
  const head = isOver ? 'OVER' : text(labels['severity']).toUpperCase()
  return `${receiver} | ${head} ${text(labels['alertname'])} | ${what} | ${times} | ${links}`
}

/** Serves `POST /<receiver>` for Alertmanager and `GET /` for a health check; `print` gets each line. */
export function createNotices(print: (line: string) => void): Server {
  return createServer((request, response) => {
    const answer = (status: number): void => {
      response.writeHead(status, { connection: 'close' }).end()
    }
    if (request.method !== 'POST') {
      request.resume()
      answer(request.method === 'GET' ? 200 : 405)
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk)
      }
    })
    request.on('end', () => {
      const receiver = text(request.url?.split('/').at(-1)) || '-'
      const notices = size > MAX_BODY_BYTES ? null : noticesOf(receiver, Buffer.concat(chunks).toString('utf8'))
      for (const notice of notices ?? []) {
        print(notice)
      }
      answer(notices === null ? 400 : 200)
    })
  })
}

// Control characters are replaced, so that an alert is always one line.
function text(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/\p{Cc}+/gu, ' ') : ''
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

if (import.meta.main) {
  const port = Number(process.env['NOTICES_PORT'] ?? DEFAULT_PORT)
  const server = createNotices((notice) => process.stdout.write(`${new Date().toISOString()} ${notice}\n`))
  server.listen(port, () => process.stdout.write(`notices: listening on ${port}\n`))
  // In a container this is process 1, which signals do not end by default.
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => process.exit(0))
  }
}
