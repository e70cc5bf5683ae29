// `/api/calls`: one page of calls as JSON, or calls as CSV: one page, or every call that the filter finds.
//
// The reader thread of the call log makes the CSV page by page, no faster than the client reads it; it stops when the client
// disconnects. Two clients at a time can download the whole log.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { CSV_HEADER } from '../../query/callCsv.ts'
import type { CallPageRequest, CallQueries, CsvPage } from '../../query/query.ts'
import { createDownloadSlots } from './downloadSlots.ts'
import { disconnectSignal, parametersOf, sendProblems } from './errors.ts'
import { parseCalls } from './params.ts'

const CSV_PAGE = 500
const MAX_DOWNLOADS = 2
const RETRY_AFTER_SECONDS = 10

/** Handles requests for calls. */
export function callsHandler(queries: CallQueries): (request: Request, response: Response) => Promise<void> {
  const takeSlot = createDownloadSlots(MAX_DOWNLOADS)
  return async (request, response) => {
    const parsed = parseCalls(parametersOf(request))
    response.vary('Accept')
    if (!parsed.ok) {
      return sendProblems(response, 400, parsed.problems)
    }
    const { request: pageRequest, format, limited } = parsed.value
    const signal = disconnectSignal(response)
    const asCsv = (format ?? (request.accepts(['json', 'text/csv']) === 'text/csv' ? 'csv' : 'json')) === 'csv'
    if (!asCsv) {
      response.json(await queries.page(pageRequest, signal))
      return
    }
    const rows = (page: CallPageRequest): Promise<CsvPage> => queries.csv(page, signal)
    if (limited) {
      return await sendCsv(response, await rows(pageRequest), null)
    }
    const releaseSlot = takeSlot()
    if (releaseSlot === null) {
      response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      return sendProblems(response, 503, [`${MAX_DOWNLOADS} downloads of the call log are under way; ask again later`])
    }
    try {
      const whole = { ...pageRequest, limit: CSV_PAGE }
      // The first page is read before anything is sent, so that an unreadable log is still answered with a 503.
      await sendCsv(response, await rows(whole), (cursor) => rows({ ...whole, cursor }))
    } finally {
      releaseSlot()
    }
  }
}

type ReadNext = (cursor: string) => Promise<CsvPage>

async function sendCsv(response: Response, first: CsvPage, readNext: ReadNext | null): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
  response.setHeader('Content-Disposition', 'attachment; filename="calls.csv"')
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(Readable.from(csvOf(first, readNext), { objectMode: false }), response)
  } catch (error) {
    // The error handler closes the connection, so that half a list does not look complete. A client that disconnected
    // needs no answer.
    if (!response.destroyed) {
      throw error
    }
  }
}

async function* csvOf(first: CsvPage, readNext: ReadNext | null): AsyncIterable<string> {
  yield CSV_HEADER
  let page = first
  for (;;) {
    if (page.text !== '') {
      yield page.text
    }
    if (page.next === null || readNext === null) {
      return
    }
    page = await readNext(page.next)
  }
}
