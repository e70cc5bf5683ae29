// `POST /api/calls` and `DELETE /api/calls/{channel_id}`: the only requests that change something, and only with CONTROL=true.
//
// A page of another origin can make a browser send a password along, but neither JSON without asking first, which is never answered, nor
// another Origin header. A request without credentials does not come this far (app.ts); one without a name is refused here too.

import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express'
import { z } from 'zod'
import type { Control, ControlAnswer, Refusal } from '../../control/control.ts'
import type { AllowedHosts } from '../auth/allowedHosts.ts'
import { loginName } from '../auth/authenticate.ts'
import { isReading, refuseMethod } from '../problem.ts'
import { sendProblems } from './errors.ts'

/** What `POST /api/calls` takes. */
export const CALL_ORDER = z.strictObject({
  from: z.string().min(1).max(80).describe('The phone that rings first, as `/api/endpoints` names it.'),
  to: z.string().min(1).max(64).describe('The number that is dialed once the phone answers.'),
})

/** And what it answers. */
export const BEGUN_CALL = z.object({
  channel_id: z.string().describe('The channel of the phone, by which the call can be ended.'),
})

const STATUS: Readonly<Record<Refusal, number>> = {
  wrong: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  unavailable: 503,
}

/** Longer than any call needs. */
const MOST_BYTES = 4_096

const KEY = /^[\x21-\x7e]{1,255}$/

/** The routes, to be mounted at `/api` before those that only read. */
export function controlRouter(control: Control, hosts: Pick<AllowedHosts, 'mayOpenSocket'>): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const mayAct = requireOwnPage(hosts)
  const json = express.json({ limit: MOST_BYTES, type: 'application/json' })

  router.post('/calls', mayAct, requireJson, json, async (request, response) => {
    const parsed = CALL_ORDER.safeParse(request.body)
    const key = request.get('Idempotency-Key') ?? null
    if (!parsed.success || (key !== null && !KEY.test(key))) {
      return sendProblems(response, 400, [
        ...(parsed.success ? [] : ['the body: give {"from": "a phone", "to": "a number"}']),
        ...(key === null || KEY.test(key) ? [] : ['Idempotency-Key: give at most 255 characters without spaces']),
      ])
    }
    const answer = await control.call(parsed.data, { who: nameOf(request), key })
    if (answer.ok) {
      response.status(202).json({ channel_id: answer.channelId })
    } else {
      sendRefusal(response, answer)
    }
  })
  router.delete('/calls/:id', mayAct, async (request, response) => {
    const answer = await control.hangUp(String(request.params['id']), { who: nameOf(request) })
    if (answer.ok) {
      response.status(204).end()
    } else {
      sendRefusal(response, answer)
    }
  })
  router.all('/calls', refuseOthers('POST'))
  router.all('/calls/:id', refuseOthers('DELETE'))
  router.use(refuseBody)
  return router
}

function refuseOthers(method: string): RequestHandler {
  return (request, response, next) => (isReading(request) ? next() : refuseMethod(request, response, [method]))
}

function requireOwnPage(hosts: Pick<AllowedHosts, 'mayOpenSocket'>): RequestHandler {
  return (request, response, next) => {
    const site = request.get('Sec-Fetch-Site') ?? 'same-origin'
    if (!hosts.mayOpenSocket(request.get('Origin'), request.headers.host) || !OWN_SITES.includes(site)) {
      return sendProblems(response, 403, ['only pages of this server may do this'])
    }
    if (nameOf(request) === '') {
      return sendProblems(response, 403, ['a password or token is needed for this'])
    }
    next()
  }
}

/** `none`: the user typed the address. */
const OWN_SITES: readonly string[] = ['same-origin', 'none']

// A form can send everything but this without asking first.
const requireJson: RequestHandler = (request, response, next) => {
  const type = (request.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/json') {
    return next()
  }
  sendProblems(response, 415, ['Content-Type: give application/json'])
}

const refuseBody: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  if (request.method !== 'POST' || typeof status !== 'number' || status >= 500) {
    return next(error)
  }
  sendProblems(response, status, ['the body: give a short JSON object'])
}

function nameOf(request: Request): string {
  return loginName(request.headers.authorization)
}

function sendRefusal(response: Response, { refusal, problem, afterMs }: Extract<ControlAnswer, { ok: false }>): void {
  if (afterMs !== null) {
    response.setHeader('Retry-After', String(Math.ceil(afterMs / 1000)))
  }
  sendProblems(response, STATUS[refusal], [problem])
}
