// Control of the PBX over HTTP: null unless CONTROL is on. Tells, once, when the user of ARI may only read.

import { randomUUID } from 'node:crypto'
import type { Session } from '../ari/session.ts'
import type { RoleOf } from '../call/outcome/direction.ts'
import type { Tracker } from '../call/tracker.ts'
import type { CallLog } from '../calllog/callLog.ts'
import type { Config } from '../config.ts'
import type { Action } from '../control/action.ts'
import { type Control, createControl } from '../control/control.ts'
import type { Endpoint, Endpoints } from '../endpoint/endpoints.ts'
import type { Logger } from '../log.ts'
import { now } from '../time/clock.ts'
import { numbersOf } from './numbers.ts'
import { masked } from './redact.ts'

export interface ControlParts {
  readonly session: Pick<Session, 'control' | 'ask' | 'status'>
  readonly endpoints: Endpoints
  readonly roleOf: RoleOf
  readonly tracker: Pick<Tracker, 'live'>
  readonly callLog: Pick<CallLog, 'noteAction'>
  readonly log: Logger
}

export interface OpenedControl {
  readonly control: Control | null
  /** To be called once a second. */
  check(): void
}

/** Only these tell their context. */
const ASKABLE = 'PJSIP'

export function openControl(
  config: Pick<Config, 'control' | 'calls' | 'callback' | 'log'>,
  parts: ControlParts,
): OpenedControl {
  const { session, endpoints, roleOf, tracker, callLog, log } = parts
  const { control: asterisk } = session
  if (!config.control.isOn || asterisk === null) {
    return { control: null, check: () => undefined }
  }
  const { allowed, context } = config.control
  warnWithoutCountry(config, log)
  const control = createControl(
    { allowed, context, shown: config.calls.maskNumbers ? masked : (number) => number },
    {
      ...asterisk,
      phones: () => [...endpoints.all()].filter(({ endpoint }) => roleOf(endpoint) === 'phone'),
      settingsOf: (phone) => settingsOf(session, phone),
      destinationOf: numbersOf(config).destinationOf,
      isInSync: () => session.status().phase === 'in_sync',
      isReadOnly: () => session.status().readOnly,
      isLive: (channelId) => isLive(tracker, channelId),
      record: callLog.noteAction,
      log: (action) => logAction(log, action, config.log.maskNumbers),
      now,
      newId: randomUUID,
    },
  )
  let isTold = false
  return {
    control,
    check() {
      const isReadOnly = session.status().readOnly
      if (isReadOnly && !isTold) {
        log.error(
          {},
          'CONTROL is on, and the user of ARI may only read: set read_only=no for it in ari.conf, or CONTROL=false',
        )
      }
      isTold = isReadOnly
    },
  }
}

function warnWithoutCountry({ control, callback }: Pick<Config, 'control' | 'callback'>, log: Logger): void {
  if (callback.country === null && control.allowed.some((kind) => kind === 'national' || kind === 'mobile')) {
    log.warn({}, 'without COUNTRY no number is known as national or mobile, so that CONTROL_ALLOW lets nobody dial one')
  }
}

async function settingsOf(session: Pick<Session, 'ask'>, { technology, endpoint }: Endpoint) {
  if (technology !== ASKABLE) {
    return null
  }
  const asked = await session.ask({ about: 'endpoint', endpoint })
  return asked.ok && asked.answer.about === 'endpoint' ? asked.answer.settings : null
}

function isLive(tracker: Pick<Tracker, 'live'>, channelId: string): boolean {
  for (const call of tracker.live()) {
    if (call.channelId === channelId) {
      return true
    }
  }
  return false
}

function logAction(log: Logger, action: Action, isMasked: boolean): void {
  const { who, action: kind, channelId, phone, number, numberKind, outcome, detail } = action
  const shown = number !== null && isMasked ? masked(number) : number
  const fields = { who, action: kind, channel: channelId, phone, number: shown, numberKind, outcome, detail }
  const line = 'somebody acts on the PBX over HTTP'
  return outcome === 'done' ? log.info(fields, line) : log.warn(fields, line)
}
