// What follows from what Asterisk tells: the connection, the user's rights, the clock, modules, and events.

import { formatInstant } from '../../time/format.ts'
import type { AsteriskFound, AsteriskResult, EventsSeen, ModuleName } from './asterisk.ts'
import { type Finding, fault, faultOf, note, ok, warning } from './finding.ts'

const ASTERISK = 'Asterisk'
const RIGHTS = 'ARI user'
const CLOCK = 'clock'
const MODULE = 'module'
const EVENTS = 'events'

export interface AriSettings {
  readonly url: string
  readonly user: string
  readonly app: string
  /** Whether TRUNKS says which endpoints are trunks. */
  readonly hasTrunks: boolean
}

/** Without an answer, one finding: why there is none. */
export function connectionFindings(result: AsteriskResult, { url }: AriSettings): readonly Finding[] {
  if (result.ok) {
    return []
  }
  if (result.urlThatAnswers !== null) {
    const text = `ARI does not answer at ${url}, but at ${result.urlThatAnswers}`
    return [fault(ASTERISK, text, `set ARI_URL=${result.urlThatAnswers} (its path is the prefix of http.conf)`)]
  }
  return [faultOf(ASTERISK, result.problem)]
}

export function asteriskFindings(
  found: AsteriskFound,
  settings: AriSettings,
  isExporterRunning: boolean,
): readonly Finding[] {
  const { version, entityId, startedAt } = found.info
  return [
    ok(
      ASTERISK,
      `Asterisk ${version} at ${settings.url}, id ${entityId}, started ${formatInstant(startedAt).slice(0, -4)} UTC`,
    ),
    rights(found.mayWrite, settings.user),
    ...appName(found, settings, isExporterRunning),
    clock(found.clockAheadMs),
    ...moduleFindings(found, settings),
    events(found),
  ]
}

function rights(mayWrite: boolean | null, user: string): Finding {
  if (mayWrite === true) {
    return ok(RIGHTS, `${user} may read and write`)
  }
  return mayWrite === false
    ? warning(
        RIGHTS,
        `${user} may only read: the exporter must subscribe to everything, which can stall Asterisk, and control is not possible`,
        'set read_only = no for this user in ari.conf, then: asterisk -rx "core reload"',
      )
    : warning(RIGHTS, `Asterisk does not tell whether ${user} may write`, 'check read_only of this user in ari.conf')
}

function appName({ isAppTaken }: AsteriskFound, { app }: AriSettings, isExporterRunning: boolean): readonly Finding[] {
  if (isAppTaken !== true) {
    return isAppTaken === false ? [ok('ARI_APP', `nobody listens under the name ${app}`)] : []
  }
  if (isExporterRunning) {
    return [ok('ARI_APP', `the name ${app} has a listener: the running exporter`)]
  }
  return [
    warning(
      'ARI_APP',
      `the name ${app} has a listener, and no exporter runs at HTTP_PORT: the exporter may be refused`,
      'choose another ARI_APP, unless that listener is an exporter at another port; Asterisk 16 keeps names, and the exporter knows its own',
    ),
  ]
}

/** The header has whole seconds, and the answer takes time. */
const CLOCKS_AGREE_MS = 2_000

function clock(aheadMs: number | null): Finding {
  if (aheadMs === null) {
    return note(CLOCK, 'Asterisk does not tell its time', 'compare `date` on both machines')
  }
  if (Math.abs(aheadMs) <= CLOCKS_AGREE_MS) {
    return ok(CLOCK, 'the clocks of this machine and of Asterisk agree, within two seconds')
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  return warning(
    CLOCK,
    `this machine's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Asterisk: the call log has the time of Asterisk, graphs have that of Prometheus`,
    'set both clocks by NTP (chrony or systemd-timesyncd)',
  )
}

/** Without one of them no event arrives. */
const NEEDED = ['res_http_websocket', 'res_stasis'] as const

/** Technologies that do not tell how their endpoints are configured, and count no packets. */
const UNTOLD = ['chan_sip', 'chan_dahdi', 'chan_iax2'] as const

function moduleFindings({ modules }: AsteriskFound, { hasTrunks }: AriSettings): readonly Finding[] {
  const having = (status: boolean | null) => [...modules].flatMap(([name, is]) => (is === status ? [name] : []))
  const lacks = (name: ModuleName) => modules.get(name) === false
  const [running, unknown] = [having(true), having(null)]
  const findings = [ok(MODULE, running.length > 0 ? `running: ${running.join(', ')}` : 'none is known to run')]
  if (unknown.length > 0) {
    const text = `Asterisk does not tell of: ${unknown.join(', ')}`
    findings.push(note(MODULE, text, 'asterisk -rx "module show" lists what runs'))
  }
  for (const name of NEEDED.filter(lacks)) {
    findings.push(fault(MODULE, `${name} does not run: no event arrives`, 'load it in modules.conf'))
  }
  if (lacks('func_strings')) {
    const text = 'func_strings does not run: queues cannot be asked who is in them'
    findings.push(note(MODULE, text, 'load it in modules.conf'))
  }
  const untold = UNTOLD.filter((name) => modules.get(name) === true)
  if (hasTrunks) {
    return findings
  }
  const names = 'names decide which endpoints are trunks (only digits: a phone)'
  if (lacks('chan_pjsip')) {
    findings.push(note(MODULE, `chan_pjsip does not run: ${names}`, 'set TRUNKS to the names of all trunks'))
  } else if (untold.length > 0) {
    const todo = 'set TRUNKS to the names of all trunks, if one of them is there'
    findings.push(note(MODULE, `${untold.join(', ')}: of this technology, ${names}`, todo))
  }
  return findings
}

function events({ events: seen, channels }: AsteriskFound): Finding {
  if (seen === null) {
    return note(EVENTS, 'not listened for, because the user may only read', 'set read_only = no in ari.conf')
  }
  if (seen.problem !== null) {
    return faultOf(EVENTS, seen.problem)
  }
  const text = eventText(seen, channels)
  if (seen.ofChannels === 0) {
    return channels === 0
      ? note(EVENTS, text, 'make a call while --doctor runs to see its events')
      : note(EVENTS, text, 'calls that only last send none; make a call while --doctor runs')
  }
  return ok(EVENTS, text)
}

function eventText({ seconds, count, ofChannels }: EventsSeen, channels: number): string {
  return `${count} in ${seconds} s, ${ofChannels} of them about calls; ${channels} channels existed before`
}
