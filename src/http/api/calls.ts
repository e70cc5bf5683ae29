// `/api/calls`: a page of the list, or all of it as CSV.
//
// The CSV is read from the log page by page, no faster than the other end takes it, and is given up when that one goes.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { CallPage, CallPageRequest, CallQueries } from '../../query.ts'
import { parametersOf, refuse } from './answer.ts'
import { CSV_HEADER, csvRow } from './csv.ts'
import { parseCalls } from './query.ts'

const CSV_PAGE = 500

/** Answers a request for calls. */
export async function answerCalls(request: Request, response: Response, queries: CallQueries): Promise<void> {
  const parsed = parseCalls(parametersOf(request))
  response.vary('Accept')
  if (!parsed.ok) return refuse(response, 400, parsed.problems)
  const { request: asked, format, limited } = parsed.value
  const asCsv = (format ?? (request.accepts(['json', 'text/csv']) === 'text/csv' ? 'csv' : 'json')) === 'csv'
  if (!asCsv) {
    response.json(await queries.page(asked))
    return
  }
  await sendCsv(response, { queries, asked, limited })
}

interface CsvAsked {
  readonly queries: CallQueries
  readonly asked: CallPageRequest
  /** One page alone. */
  readonly limited: boolean
}

async function sendCsv(response: Response, { queries, asked, limited }: CsvAsked): Promise<void> {
  // Before anything is sent, so that a log that cannot be read is still an answer of its own.
  const first = await queries.page(limited ? asked : { ...asked, limit: CSV_PAGE })
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
  response.setHeader('Content-Disposition', 'attachment; filename="calls.csv"')
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  const rest = (cursor: string): Promise<CallPage> => queries.page({ ...asked, limit: CSV_PAGE, cursor })
  try {
    await pipeline(Readable.from(csvOf(first, limited ? null : rest), { objectMode: false }), response)
  } catch (error) {
    // Half a list must not look like a whole one: the connection is cut. Whoever went away needs no answer.
    if (!response.destroyed) throw error
  }
}

async function* csvOf(first: CallPage, rest: ((cursor: string) => Promise<CallPage>) | null): AsyncIterable<string> {
  yield CSV_HEADER
  let page = first
  for (;;) {
    if (page.calls.length > 0) yield page.calls.map(csvRow).join('')
    if (page.next === null || rest === null) return
    page = await rest(page.next)
  }
}
