// What `--doctor` finds, and how it is printed: a line for each finding, what to do about it below.

import { printable } from '../../log.ts'
import { wrapped } from '../help.ts'

/** `fault`: must be mended. `warning`: probably wrong. `note`: something is not there, which may be intended. */
export type Verdict = 'ok' | 'note' | 'warning' | 'fault'

export interface Finding {
  readonly verdict: Verdict
  readonly topic: string
  readonly text: string
  /** What to do; null if nothing is to be done. */
  readonly todo: string | null
}

const VERDICT_WIDTH = 9
const TOPIC_WIDTH = 13
const TEXT_WIDTH = 96

export function ok(topic: string, text: string): Finding {
  return { verdict: 'ok', topic, text, todo: null }
}

export function note(topic: string, text: string, todo: string | null): Finding {
  return { verdict: 'note', topic, text, todo }
}

export function warning(topic: string, text: string, todo: string): Finding {
  return { verdict: 'warning', topic, text, todo }
}

export function fault(topic: string, text: string, todo: string): Finding {
  return { verdict: 'fault', topic, text, todo }
}

/** An error message of this program: what is wrong, a colon or semicolon, and what to do. */
export function faultOf(topic: string, message: string): Finding {
  const [, text = message, todo = 'mend that, and run --doctor again'] =
    /^(.*?[^:]); (.*)$/s.exec(message) ?? /^(.*): (.*)$/s.exec(message) ?? []
  return fault(topic, text, todo)
}

/** Whether something must be mended. */
export function hasFault(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'fault')
}

/** The report, without a line break at its end. */
export function reportOf(findings: readonly Finding[]): string {
  return [...findings.flatMap(linesOf), '', summaryOf(findings)].join('\n')
}

function linesOf({ verdict, topic, text, todo }: Finding): string[] {
  const name = verdict === 'fault' ? 'FAULT' : verdict
  const lines = [
    ...wrapped(printable(text), TEXT_WIDTH),
    ...(todo === null ? [] : wrapped(`-> ${printable(todo)}`, TEXT_WIDTH)),
  ]
  return lines.map((line, index) => {
    const [first, second] = index === 0 ? [name, topic] : ['', '']
    return `${first.padEnd(VERDICT_WIDTH)}${second.padEnd(TOPIC_WIDTH)} ${line}`
  })
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length
  const faults = count('fault') === 0 ? 'Nothing must be mended' : `Must be mended: ${count('fault')}`
  return `${faults}; warnings: ${count('warning')}, notes: ${count('note')}`
}
