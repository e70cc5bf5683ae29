// The only requests that change something at the PBX: a call that begins at a phone, and a hang-up. Exists only with CONTROL=true.
//
// Names and numbers are checked again here, whatever was checked before: Asterisk takes a dial string such as `PJSIP/trunk/sip:…` as an
// endpoint. No application is ever named, and no channel variable.

import type { Origination, Rest } from './rest/rest.ts'
import type { RestResult } from './rest/result.ts'

/** `read_only`: the user of ARI may not write. `unknown`: no answer, so that it may be done all the same. */
export type ControlFailure = 'read_only' | 'gone' | 'exists' | 'refused' | 'not_asked' | 'unknown'

/** `detail`: a code, safe to log. */
export type Controlled =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: ControlFailure; readonly detail: string }

export interface AriControl {
  /** Rings a phone, and lets it continue at an extension of the dialplan once it answers. Never rejects. */
  originate(origination: Omit<Origination, 'timeoutSeconds'>): Promise<Controlled>
  /** Never rejects. */
  hangUp(channelId: string): Promise<Controlled>
}

/** How long the phone rings. */
const RING_SECONDS = 30

const ENDPOINT = /^[A-Za-z]\w*\/[\w.+-]+$/
const CONTEXT = /^[\w.-]{1,79}$/
const EXTENSION = /^\+?\d{1,32}$/

export function createAriControl(rest: Pick<Rest, 'originate' | 'hangUp'>): AriControl {
  return {
    async originate(origination) {
      const { endpoint, context, extension, callerNumber } = origination
      const isSafe =
        ENDPOINT.test(endpoint) &&
        CONTEXT.test(context) &&
        EXTENSION.test(extension) &&
        (callerNumber === null || EXTENSION.test(callerNumber))
      return isSafe
        ? controlled(await rest.originate({ ...origination, timeoutSeconds: RING_SECONDS }))
        : { ok: false, failure: 'not_asked', detail: 'the name of the phone or of its context cannot be used' }
    },
    hangUp: async (channelId) => controlled(await rest.hangUp(channelId)),
  }
}

function controlled(result: RestResult<null>): Controlled {
  if (result.ok) {
    return { ok: true }
  }
  const { kind, detail } = result.problem
  switch (kind) {
    case 'forbidden':
      return { ok: false, failure: 'read_only', detail }
    case 'not_found':
      return { ok: false, failure: 'gone', detail }
    case 'conflict':
      return { ok: false, failure: 'exists', detail }
    // The connection may have been lost after the request had arrived.
    case 'unreachable':
    case 'timeout':
    case 'stopped':
      return { ok: false, failure: 'unknown', detail }
    default:
      return { ok: false, failure: 'refused', detail }
  }
}
