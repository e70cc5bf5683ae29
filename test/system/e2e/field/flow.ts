// A flow of the field: something that users of Asterisk reported in public, who does what in it, and which rows it must
// leave.
//
// Expectations say what happened, in the terms of the call log; they are written from the meaning of the call and never
// from what a program printed. A flow brings the lines of Asterisk's configuration that it needs.

import type { Cast, ExpectedRow } from '../families/family.ts'
import type { Phones } from '../lab/phones/phones.ts'

/** The phones and names of one flow, which no other flow uses. `outside` and `other` are numbers beyond trunk-b. */
export interface Names extends Omit<Cast, 'phones'> {
  readonly e: string
  readonly other: string
  /** The number of the flow's own lines in the dialplan: four digits, to which the flow may add more. */
  readonly line: string
  /** What the names of the flow's queues, agents, parking lots, contexts and conferences begin with. */
  readonly name: string
}

/** The names, and the phones that play them. */
export interface FieldCast extends Names {
  readonly phones: Phones
}

/** What one row of `calls` must hold, and its legs. What is left out is not asked for, but every leg is. */
export interface Meant extends ExpectedRow {
  /** Every dial attempt of the call, as `endpoint result`, in any order. */
  readonly legs: readonly string[]
  /** A bare leg meets nobody: its answer is that it picked up. */
  readonly pickedUp?: true
  /** Why Asterisk's own records say something else of this call, and the row is right. */
  readonly differs?: string
}

/** How a stay in a queue must end. */
export interface Stay {
  readonly queue: string
  readonly outcome: string
  /** Why queue_log says something else of it. */
  readonly differs?: string
}

/** Files of Asterisk's configuration to which a flow adds. `extensions`: lines of its context; `contexts`: sections. */
export type Part = 'extensions' | 'contexts' | 'queues' | 'agents' | 'followme' | 'res_parking' | 'pjsip'

export interface Flow {
  /** In words with hyphens; a recording of the flow has the same name. */
  readonly name: string
  readonly config?: (names: Names) => Readonly<Partial<Record<Part, string>>>
  /** Plays it; resolves when the last one has hung up. */
  readonly play: (cast: FieldCast) => Promise<unknown>
  /** The rows it must leave, in the order in which the calls began. */
  readonly rows: (names: Names) => readonly Meant[]
  /** The stays in queues it must leave, in any order. */
  readonly stays?: (names: Names) => readonly Stay[]
}

/** The names of the flow of that number. */
export function namesOf(number: number): Names {
  const digits = String(number + 1).padStart(3, '0')
  const [a = '', b = '', c = '', d = '', e = ''] = phonesOf(number)
  return {
    ...{ a, b, c, d, e, outside: `09${digits}1`, other: `09${digits}2` },
    ...{ line: `8${digits}`, name: `f${digits}` },
  }
}

/** The phones of the flow of that number: five digits each. */
export function phonesOf(number: number): readonly string[] {
  const digits = String(number + 1).padStart(3, '0')
  return ['1', '2', '3', '4', '5'].map((last) => `7${digits}${last}`)
}
