// The role of each endpoint as it is now: what its configuration tells, else its name. Logs what is found, doubtful or changed.

import type { RoleOf } from '../call/outcome/direction.ts'
import { type Judgement, type Reason, type Role, reasonText } from '../endpoint/judge.ts'
import type { RoleWatch } from '../endpoint/roleWatch.ts'
import type { Logger } from '../log.ts'

export interface RoleTable {
  /** The roles as they are now; the same function until one changes. What was learned shows within a millisecond for each endpoint. */
  present(): RoleOf
  /** Shows at once what was learned. */
  renew(): void
  /** What the present roles follow from. */
  judgements(): ReadonlyMap<string, Judgement>
  /** Logs what was found, once. */
  tell(): void
}

/** So many names or doubts are logged, and how many more there are. */
const MOST_NAMES = 20
const MOST_DOUBTS = 5

/** To judge one endpoint takes some microseconds, and each answer may change the judgement of all. */
const RENEWED_AFTER_MS_EACH = 1

const SET = 'set TRUNKS to the names of all trunks to decide it'

export function createRoleTable(
  watch: Pick<RoleWatch, 'judgements' | 'refused'>,
  byName: RoleOf,
  { log, ticks }: { readonly log: Logger; readonly ticks: () => number },
): RoleTable {
  let judged: ReadonlyMap<string, Judgement> = new Map()
  let roleOf: RoleOf = byName
  let isTold = false
  let dueAt = Number.NEGATIVE_INFINITY

  function take(next: ReadonlyMap<string, Judgement>): void {
    const roles = new Map<string, Role>()
    let isNew = false
    for (const [endpoint, judgement] of next) {
      const role = judgement.role ?? byName(endpoint)
      roles.set(endpoint, role)
      isNew ||= role !== roleOf(endpoint)
      if (judged.has(endpoint) && role !== roleOf(endpoint)) {
        const what = `the role of an endpoint changed: calls that begin from now on count it as a ${role}`
        log.warn({ endpoint, role, reasons: texts(judgement) }, what)
      }
    }
    isNew ||= [...judged.keys()].some((endpoint) => !next.has(endpoint))
    judged = next
    if (isNew) {
      roleOf = (endpoint) => roles.get(endpoint) ?? byName(endpoint)
    }
  }

  function renew(): void {
    const next = watch.judgements()
    if (next !== judged) {
      take(next)
      dueAt = ticks() + next.size * RENEWED_AFTER_MS_EACH
    }
  }

  function present(): RoleOf {
    if (ticks() >= dueAt) {
      renew()
    }
    return roleOf
  }

  return {
    present,
    renew,
    judgements() {
      present()
      return judged
    },
    tell() {
      if (isTold) {
        return
      }
      isTold = true
      renew()
      const now = roleOf
      const trunks = [...judged.keys()].filter((endpoint) => now(endpoint) === 'trunk')
      const doubtful = [...judged].filter(([, { certainty }]) => certainty === 'doubtful')
      log.info(
        { trunks: shortened(trunks), phones: judged.size - trunks.length, doubtful: doubtful.length },
        'found in the configuration of endpoints which are trunks',
      )
      for (const [endpoint, judgement] of doubtful.slice(0, MOST_DOUBTS)) {
        const role = now(endpoint)
        const what = `it is doubtful whether an endpoint is a trunk or a phone; it counts as a ${role}: ${SET}`
        log.warn({ endpoint, role, reasons: texts(judgement) }, what)
      }
      if (doubtful.length > MOST_DOUBTS) {
        const rest = doubtful.slice(MOST_DOUBTS).map(([endpoint]) => endpoint)
        log.warn({ endpoints: shortened(rest) }, `the roles of ${rest.length} more endpoints are doubtful: ${SET}`)
      }
      const refused = watch.refused()
      if (refused.length > 0) {
        const what = `Asterisk does not tell how some endpoints are configured, so that their names decide: ${SET}`
        log.warn({ endpoints: shortened(refused) }, what)
      }
    },
  }
}

function texts({ reasons }: { readonly reasons: readonly Reason[] }): readonly string[] {
  return reasons.map(reasonText)
}

function shortened(names: readonly string[]): readonly string[] {
  const rest = names.length - MOST_NAMES
  return rest > 0 ? [...names.slice(0, MOST_NAMES), `and ${rest} more`] : names
}
