// What is wrong with a request, as the client gets it: problem details (RFC 9457) below `/api`, a line of plain text elsewhere.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { http } from '../process/http.ts'

/** The media type of problem details. */
export const PROBLEM_TYPE = 'application/problem+json'

/** A problem as JSON. */
export interface ProblemDetails {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly problems: readonly string[]
}

/** The problem details of an error status. `problems`: at least one. */
export function problemDetails(status: number, problems: readonly string[]): ProblemDetails {
  const [first = ''] = problems
  return {
    type: 'about:blank',
    title: http.STATUS_CODES[status] ?? 'Error',
    status,
    detail: problems.length > 1 ? `${problems.length} problems: see \`problems\`` : first,
    problems,
  }
}

/** Ends an answer with problem details. */
export function endWithProblems(response: ServerResponse, status: number, problems: readonly string[]): void {
  response.statusCode = status
  response.setHeader('Content-Type', PROBLEM_TYPE)
  response.end(JSON.stringify(problemDetails(status, problems)))
}

/** A request; `originalUrl` has what express removes of its path. */
type Asked = IncomingMessage & { readonly originalUrl?: string }

/** Ends the answer to a request that has one problem, in the form that its path has. */
export function refuse(request: Asked, response: ServerResponse, status: number, problem: string): void {
  if (/^\/api(?:[/?]|$)/i.test(request.originalUrl ?? request.url ?? '')) {
    return endWithProblems(response, status, [problem])
  }
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(`${problem}\n`)
}

/** Whether a request only reads. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Refuses a request that no route takes: 404 for what could be read, else 405. */
export function refuseUnknown(request: Asked, response: ServerResponse, problem: string): void {
  if (isReading(request)) {
    return refuse(request, response, 404, problem)
  }
  refuseMethod(request, response, [])
}

/** Refuses a method; `others` than GET and HEAD are answered here. */
export function refuseMethod(request: Asked, response: ServerResponse, others: readonly string[]): void {
  const all = ['GET', 'HEAD', ...others]
  response.setHeader('Allow', all.join(', '))
  refuse(request, response, 405, `only ${all.slice(0, -1).join(', ')} and ${all.at(-1)} are answered`)
}
