// Begins and ends calls for somebody: checks who and what, records it, asks Asterisk, records what became of it.
//
// Nothing is asked before its row is on disk. The request names a phone and a number, never an endpoint with a technology, a context, an
// application or a variable. Reads no clock.

import type { DestinationOf } from '../call/event.ts'
import type { Endpoint } from '../endpoint/endpoints.ts'
import type { Action, ActionKind, NumberKind } from './action.ts'
import { digitsOf, kindOf } from './dialable.ts'
import { createEarlierAnswers } from './earlier.ts'
import { createPace } from './pace.ts'

/** What somebody asks for. */
export interface CallRequest {
  /** A phone, as Asterisk names it: `101`. */
  readonly from: string
  readonly to: string
}

export type Refusal =
  /** The request makes no sense. */
  | 'wrong'
  /** Not allowed here. */
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  /** Asterisk or the call log cannot do it now. */
  | 'unavailable'

export type ControlAnswer =
  | { readonly ok: true; readonly channelId: string }
  | {
      readonly ok: false
      readonly refusal: Refusal
      readonly problem: string
      /** When to ask again; null: not again. */
      readonly afterMs: number | null
    }

export interface Control {
  /** `key`: a request with the same key is the same request; null: none. */
  call(request: CallRequest, by: { readonly who: string; readonly key: string | null }): Promise<ControlAnswer>
  hangUp(channelId: string, by: { readonly who: string }): Promise<ControlAnswer>
}

/** What Asterisk answered. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly failure: string; readonly detail: string }

export interface ControlOptions {
  readonly allowed: readonly NumberKind[]
  /** The context of every call; null: that of the phone. */
  readonly context: string | null
  /** What the records and the log show of a number. */
  readonly shown: (number: string) => string
}

export interface ControlDependencies {
  readonly originate: (call: {
    readonly channelId: string
    readonly endpoint: string
    readonly context: string
    readonly extension: string
    readonly callerNumber: string | null
  }) => Promise<Outcome>
  readonly hangUp: (channelId: string) => Promise<Outcome>
  /** The phones of this PBX. */
  readonly phones: () => Iterable<Endpoint>
  /** Where the calls of a phone begin, and its number; null if Asterisk does not tell. */
  readonly settingsOf: (
    phone: Endpoint,
  ) => Promise<{ readonly context: string; readonly callerNumber: string | null } | null>
  readonly destinationOf: DestinationOf
  /** Whether calls are known as they are now. */
  readonly isInSync: () => boolean
  readonly isReadOnly: () => boolean
  readonly isLive: (channelId: string) => boolean
  /** Writes the row; resolves with why it is not on disk, or with null. */
  readonly record: (action: Action) => Promise<string | null>
  readonly log: (action: Action) => void
  readonly now: () => number
  readonly newId: () => string
}

/** Begins the ids of the channels that are made here. */
const OWN_CHANNEL = 'control-'

const READ_ONLY = 'the user of ARI may only read: set read_only=no for it in ari.conf, and reload Asterisk'
const NOT_CONNECTED = 'Asterisk is not connected'

export function createControl(options: ControlOptions, deps: ControlDependencies): Control {
  const pace = createPace()
  const earlier = createEarlierAnswers<ControlAnswer>((answer) => answer.ok || answer.afterMs === null)

  function open(kind: ActionKind, who: string): Opened {
    const id = deps.newId()
    return {
      id,
      at: deps.now(),
      who,
      action: kind,
      ...{ channelId: null, phone: null, number: null, numberKind: null },
    }
  }

  /** Records that it was not done, and says why. */
  async function refuse(opened: Opened, refusal: Refusal, problem: string): Promise<ControlAnswer> {
    const action: Action = { ...opened, outcome: 'refused', detail: problem }
    deps.log(action)
    await deps.record(action)
    return refused(refusal, problem, refusal === 'unavailable' ? RETRY_MS : null)
  }

  /** Records it, does it, and records what became of it. */
  async function act(opened: Opened & { readonly channelId: string }, ask: () => Promise<Outcome>) {
    const problem = await deps.record({ ...opened, outcome: 'requested', detail: null })
    if (problem !== null) {
      deps.log({ ...opened, outcome: 'refused', detail: `not recorded: ${problem}` })
      return refused(
        'unavailable',
        'what is done cannot be recorded in the call log now, so that it is not done',
        RETRY_MS,
      )
    }
    const outcome = await ask()
    const action = { ...opened, ...outcomeOf(outcome) }
    deps.log(action)
    await deps.record(action)
    return outcome.ok ? ({ ok: true, channelId: opened.channelId } as const) : failure(outcome)
  }

  function notNow(who: string): ControlAnswer | null {
    const ms = pace.wait(who, deps.now())
    return ms === 0 ? null : refused('too_many', 'too many actions: wait some seconds', ms)
  }

  async function call({ from, to }: CallRequest, who: string): Promise<ControlAnswer> {
    const late = notNow(who)
    if (late !== null) {
      return late
    }
    const phones = [...deps.phones()]
    const phone = phones.find(({ endpoint }) => endpoint === from)
    const digits = digitsOf(to)
    const kind =
      digits === null
        ? null
        : kindOf(digits, { ...deps, isPhone: (name) => phones.some(({ endpoint }) => endpoint === name) })
    const opened: Opened = {
      ...open('call', who),
      phone: phone?.endpoint ?? null,
      number: digits === null ? null : options.shown(digits),
      numberKind: kind,
    }
    if (digits === null || kind === null) {
      return refuse(opened, 'wrong', 'to: give a number: digits, with + in front if it is international')
    }
    if (phone === undefined) {
      return refuse(opened, 'wrong', 'from: give the name of a phone, as /api/endpoints lists them')
    }
    if (from === digits) {
      return refuse(opened, 'wrong', 'to: give another number than that of the phone')
    }
    if (!options.allowed.includes(kind)) {
      return refuse(opened, 'forbidden', `to: numbers of the kind "${kind}" may not be dialed: see CONTROL_ALLOW`)
    }
    const away = awayProblem(phone)
    return away === null ? begin(opened, phone, digits) : refuse(opened, ...away)
  }

  function awayProblem(phone: Endpoint): readonly [Refusal, string] | null {
    if (!deps.isInSync()) {
      return ['unavailable', NOT_CONNECTED]
    }
    if (deps.isReadOnly()) {
      return ['conflict', READ_ONLY]
    }
    return phone.state === 'offline' ? ['conflict', 'from: this phone is not registered'] : null
  }

  async function begin(opened: Opened, phone: Endpoint, digits: string): Promise<ControlAnswer> {
    const settings = await deps.settingsOf(phone)
    const context = options.context ?? settings?.context ?? null
    if (context === null) {
      return refuse(opened, 'conflict', 'Asterisk does not tell the context of this phone: set CONTROL_CONTEXT')
    }
    const channelId = `${OWN_CHANNEL}${opened.id}`
    const number = settings?.callerNumber ?? phone.endpoint
    return act({ ...opened, channelId }, () =>
      deps.originate({
        channelId,
        endpoint: `${phone.technology}/${phone.endpoint}`,
        ...{ context, extension: digits, callerNumber: digitsOf(number) },
      }),
    )
  }

  return {
    async call(request, { who, key }) {
      if (key === null) {
        return await call(request, who)
      }
      const { from, to } = request
      const same = { who, key, content: JSON.stringify([from, to]), now: deps.now() }
      const answer = await earlier.answer(same, () => call(request, who))
      return answer === 'reused' ? refused('wrong', 'Idempotency-Key: was used for another request', null) : answer
    },
    async hangUp(channelId, { who }) {
      const late = notNow(who)
      if (late !== null) {
        return late
      }
      const opened = open('hang_up', who)
      if (!deps.isInSync()) {
        return refuse({ ...opened, channelId: shortened(channelId) }, 'unavailable', NOT_CONNECTED)
      }
      if (!deps.isLive(channelId) && !OWN_ID.test(channelId)) {
        return refuse({ ...opened, channelId: shortened(channelId) }, 'not_found', NO_CALL)
      }
      if (deps.isReadOnly()) {
        return refuse({ ...opened, channelId }, 'conflict', READ_ONLY)
      }
      return act({ ...opened, channelId }, () => deps.hangUp(channelId))
    },
  }
}

type Opened = Omit<Action, 'outcome' | 'detail'>

const RETRY_MS = 1_000
const NO_CALL = 'there is no such live call'

/** A call that was begun here, and that nobody has answered yet. */
const OWN_ID = new RegExp(`^${OWN_CHANNEL}[0-9a-f-]{36}$`)

function shortened(id: string): string {
  return id.slice(0, 150)
}

function refused(refusal: Refusal, problem: string, afterMs: number | null): ControlAnswer {
  return { ok: false, refusal, problem, afterMs }
}

function outcomeOf(outcome: Outcome): Pick<Action, 'outcome' | 'detail'> {
  return outcome.ok
    ? { outcome: 'done', detail: null }
    : { outcome: outcome.failure === 'unknown' ? 'unknown' : 'failed', detail: `${outcome.failure}: ${outcome.detail}` }
}

function failure({ failure: kind, detail }: Extract<Outcome, { ok: false }>): ControlAnswer {
  switch (kind) {
    case 'read_only':
      return refused('conflict', READ_ONLY, null)
    case 'gone':
      return refused('not_found', NO_CALL, null)
    case 'exists':
      return refused('conflict', 'this call was begun already', null)
    case 'unknown':
      return refused('unavailable', 'Asterisk did not answer: look whether it was done before you try again', null)
    default:
      return refused('conflict', `Asterisk refused it (${detail})`, null)
  }
}
