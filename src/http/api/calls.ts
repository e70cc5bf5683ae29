// `/api/calls`: a page of the list, or all of it as CSV.
//
// The CSV is made by the log's own thread page by page, no faster than the other end takes it, and is given up when that one
// goes. The whole log is given to two at a time.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { CSV_HEADER } from '../../query/callCsv.ts'
import type { CallPageRequest, CallQueries, CsvPage } from '../../query/query.ts'
import { createDownloadSlots } from './downloadSlots.ts'
import { disconnectSignal, parametersOf, refuse } from './errors.ts'
import { parseCalls } from './params.ts'

const CSV_PAGE = 500
const MAX_DOWNLOADS = 2
const RETRY_AFTER_SECONDS = 10

/** Answers requests for calls. */
export function callsHandler(queries: CallQueries): (request: Request, response: Response) => Promise<void> {
  const exports = createDownloadSlots(MAX_DOWNLOADS)
  return async (request, response) => {
    const parsed = parseCalls(parametersOf(request))
    response.vary('Accept')
    if (!parsed.ok) {
      return refuse(response, 400, parsed.problems)
    }
    const { request: asked, format, limited } = parsed.value
    const gone = disconnectSignal(response)
    const asCsv = (format ?? (request.accepts(['json', 'text/csv']) === 'text/csv' ? 'csv' : 'json')) === 'csv'
    if (!asCsv) {
      response.json(await queries.page(asked, gone))
      return
    }
    const rows = (page: CallPageRequest): Promise<CsvPage> => queries.csv(page, gone)
    if (limited) {
      return await sendCsv(response, await rows(asked), null)
    }
    const giveBack = exports()
    if (giveBack === null) {
      response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      return refuse(response, 503, [`${MAX_DOWNLOADS} downloads of the call log are under way; ask again later`])
    }
    try {
      const whole = { ...asked, limit: CSV_PAGE }
      // Before anything is sent, so that a log that cannot be read is still an answer of its own.
      await sendCsv(response, await rows(whole), (cursor) => rows({ ...whole, cursor }))
    } finally {
      giveBack()
    }
  }
}

type Rest = (cursor: string) => Promise<CsvPage>

async function sendCsv(response: Response, first: CsvPage, rest: Rest | null): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
  response.setHeader('Content-Disposition', 'attachment; filename="calls.csv"')
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(Readable.from(csvOf(first, rest), { objectMode: false }), response)
  } catch (error) {
    // Half a list must not look like a whole one: the connection is cut. Whoever went away needs no answer.
    if (!response.destroyed) {
      throw error
    }
  }
}

async function* csvOf(first: CsvPage, rest: Rest | null): AsyncIterable<string> {
  yield CSV_HEADER
  let page = first
  for (;;) {
    if (page.text !== '') {
      yield page.text
    }
    if (page.next === null || rest === null) {
      return
    }
    page = await rest(page.next)
  }
}
