// `/api/calls` and `/api/missed-callers`, one page of a list, and both as CSV below `.csv`: everything that the filter finds, or its beginning.
//
// The reader thread of the call log makes the CSV page by page, no faster than the client reads it; it stops when the client
// disconnects. Two clients at a time can download the whole log.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response, Router } from 'express'
import { CSV_HEADER, MISSED_CALLER_HEADER } from '../../query/callCsv.ts'
import type {
  CallPageRequest,
  ChangesRequest,
  CsvPage,
  ExporterQueries,
  MissedCallerPageRequest,
  PageRequest,
} from '../../query/query.ts'
import { answer } from './answer.ts'
import { parseCallsOrChanges } from './changesParams.ts'
import { csvName } from './csvName.ts'
import { createDownloadSlots } from './downloadSlots.ts'
import { disconnectSignal, parametersOf, sendProblems } from './errors.ts'
import { CALLS_CSV_QUERY, type ListQuery, MISSED_CALLERS_CSV_QUERY, parseCalls, parseMissedCallers } from './params.ts'
import type { Parsed } from './parse.ts'

const CSV_PAGE = 500
const MAX_DOWNLOADS = 2
const RETRY_AFTER_SECONDS = 10

/** A list that is read page by page; `PageOf`: what a page can be asked for besides. */
export interface List<Request, Page, PageOf = Request> {
  readonly name: string
  readonly header: string
  readonly parse: (parameters: URLSearchParams) => Parsed<ListQuery<PageOf>>
  readonly parseCsv: (parameters: URLSearchParams) => Parsed<ListQuery<Request>>
  readonly page: (request: PageOf, signal: AbortSignal) => Promise<Page>
  readonly csv: (request: Request, signal: AbortSignal) => Promise<CsvPage>
}

type Handler = (request: Request, response: Response) => Promise<void>

/** The lists of calls and of missed callers. */
export interface Lists<Calls, MissedCallers, CallsPage = Calls> {
  readonly calls: List<Calls, unknown, CallsPage>
  readonly missedCallers: List<MissedCallers, unknown>
}

/** Those of the call log of one exporter. */
export function exporterLists(
  queries: ExporterQueries,
): Lists<CallPageRequest, MissedCallerPageRequest, CallPageRequest | ChangesRequest> {
  return {
    calls: {
      name: 'calls',
      header: CSV_HEADER,
      parse: parseCallsOrChanges,
      parseCsv: (parameters) => parseCalls(parameters, CALLS_CSV_QUERY),
      page: (request, signal) =>
        'updatedSince' in request ? queries.changes(request, signal) : queries.page(request, signal),
      csv: queries.csv,
    },
    missedCallers: {
      name: 'missed-callers',
      header: MISSED_CALLER_HEADER,
      parse: parseMissedCallers,
      parseCsv: (parameters) => parseMissedCallers(parameters, MISSED_CALLERS_CSV_QUERY),
      page: queries.missedCallers,
      csv: queries.missedCallersCsv,
    },
  }
}

/** Adds the routes of both lists. The downloads of both have the same limit. */
export function addLists<Calls extends Named, MissedCallers extends Named, CallsPage>(
  router: Router,
  { calls, missedCallers }: Lists<Calls, MissedCallers, CallsPage>,
  now: () => number,
): void {
  const takeSlot = createDownloadSlots(MAX_DOWNLOADS)
  router.get('/calls', pageHandler(calls))
  router.get('/calls.csv', csvHandler(calls, takeSlot, now))
  router.get('/missed-callers', pageHandler(missedCallers))
  router.get('/missed-callers.csv', csvHandler(missedCallers, takeSlot, now))
}

function pageHandler<Asked, Page, PageOf>(list: List<Asked, Page, PageOf>): Handler {
  return (request, response) =>
    answer(response, list.parse(parametersOf(request)), (asked) => list.page(asked.request, disconnectSignal(response)))
}

function csvHandler<Asked extends Named, Page, PageOf>(
  list: List<Asked, Page, PageOf>,
  takeSlot: TakeSlot,
  now: () => number,
): Handler {
  return async (request, response) => {
    const parsed = list.parseCsv(parametersOf(request))
    if (!parsed.ok) {
      return sendProblems(response, 400, parsed.problems)
    }
    const { request: pageRequest, limited } = parsed.value
    const signal = disconnectSignal(response)
    const fileName = csvName(list.name, pageRequest.filter, { ...pageRequest, now: now() })
    const rows = (page: Asked): Promise<CsvPage> => list.csv(page, signal)
    if (limited) {
      return await sendCsv(response, { ...list, fileName, first: await rows(pageRequest), readNext: null })
    }
    const releaseSlot = takeSlot()
    if (releaseSlot === null) {
      response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      return sendProblems(response, 503, [`${MAX_DOWNLOADS} downloads of the call log are under way; ask again later`])
    }
    try {
      const whole = { ...pageRequest, limit: CSV_PAGE }
      // The first page is read before anything is sent, so that an unreadable log is still answered with a 503.
      const first = await rows(whole)
      await sendCsv(response, { ...list, fileName, first, readNext: (cursor) => rows({ ...whole, cursor }) })
    } finally {
      releaseSlot()
    }
  }
}

type Named = PageRequest<Parameters<typeof csvName>[1], unknown>

type TakeSlot = ReturnType<typeof createDownloadSlots>

interface Csv {
  readonly fileName: string
  readonly header: string
  readonly first: CsvPage
  /** Null: only the first page is sent. */
  readonly readNext: ((cursor: string) => Promise<CsvPage>) | null
}

async function sendCsv(response: Response, csv: Csv): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
  response.setHeader('Content-Disposition', `attachment; filename="${csv.fileName}"`)
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(Readable.from(textOf(csv), { objectMode: false }), response)
  } catch (error) {
    // The error handler closes the connection, so that half a list does not look complete. A client that disconnected
    // needs no answer.
    if (!response.destroyed) {
      throw error
    }
  }
}

async function* textOf({ header, first, readNext }: Csv): AsyncIterable<string> {
  yield header
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
