// Reads PromQL as far as the linter needs it: selectors, windows, functions, and labels of aggregations.
//
// Not a parser: it accepts some invalid expressions, which Prometheus' own tools find. Grafana's variables are not replaced.

export interface Matcher {
  readonly label: string
  readonly operator: string
  readonly value: string
}

/** A selector of an expression. */
export interface Selector {
  readonly name: string
  readonly matchers: readonly Matcher[]
  /** The window in brackets; null without. */
  readonly window: string | null
  /** The enclosing functions, the innermost first. */
  readonly inside: readonly string[]
  /** The labels in `by` of the innermost aggregation; null without `by`. */
  readonly keptBy: readonly string[] | null
}

/** A list of labels of an aggregation or a join. */
export interface Grouping {
  readonly word: string
  readonly labels: readonly string[]
}

export interface Reading {
  readonly selectors: readonly Selector[]
  readonly functions: readonly string[]
  /** The lists of labels after by, without, on, ignoring and group_… */
  readonly groupings: readonly Grouping[]
  /** Aggregations that keep no label: without `by` and `without`. */
  readonly totals: readonly string[]
  /** Why the expression cannot be read; null if it can. */
  readonly problem: string | null
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\$\{\w+(?::\w+)?\}|[a-zA-Z_:$][\w:$]*|\d[\w.]*|[=!]~|[=!<>]=|[-+*/%^@=<>(){},[\]:]/g
const LABEL_LISTS: readonly string[] = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']
const WORDS: readonly string[] = ['and', 'or', 'unless', 'bool', 'offset', 'atan2']

interface Frame {
  readonly name: string
  readonly kept: readonly string[] | null
}

/** Whether the list after this word says what is kept or compared; the others say what is not. */
export function isListOfKept(word: string): boolean {
  return word === 'by' || word === 'on'
}

/** Reads an expression. */
export function readPromql(expression: string): Reading {
  const tokens = [...expression.matchAll(TOKEN)].map(([token]) => token)
  const rest = expression.replace(TOKEN, '').trim()
  const reader = createReader(tokens)
  const problem = rest === '' ? reader.read() : `cannot be read: ${rest}`
  const { selectors, functions, groupings, totals } = reader
  return { selectors, functions, groupings, totals, problem }
}

function createReader(tokens: readonly string[]) {
  const selectors: Selector[] = []
  const functions: string[] = []
  const groupings: Grouping[] = []
  const totals: string[] = []
  const frames: Frame[] = []
  let at = 0
  let called: string | null = null
  let kept: readonly string[] | null = null

  const peek = () => tokens[at] ?? ''
  const take = () => tokens[at++] ?? ''

  const takeUntil = (end: string): readonly string[] => {
    const taken: string[] = []
    while (at < tokens.length && peek() !== end) {
      taken.push(take())
    }
    if (take() !== end) {
      throw new Error(`${end} is missing`)
    }
    return taken
  }

  const between = (begin: string, end: string): readonly string[] | null => {
    if (peek() !== begin) {
      return null
    }
    take()
    return takeUntil(end)
  }

  const word = (token: string): void => {
    if (LABEL_LISTS.includes(token)) {
      const listed = (between('(', ')') ?? []).filter((each) => each !== ',')
      groupings.push({ word: token, labels: listed })
      if (token === 'by') {
        kept = listed
      }
      return
    }
    if (WORDS.includes(token)) {
      return
    }
    if (peek() === '(' || peek() === 'by' || peek() === 'without') {
      called = token
      functions.push(token)
      if (AGGREGATIONS.includes(token) && peek() === '(') {
        totals.push(token)
      }
      return
    }
    if (token.startsWith('$')) {
      return
    }
    selectors.push(selected(token))
  }

  const selected = (name: string): Selector => {
    const matchers = matchersOf(between('{', '}') ?? [])
    const window = between('[', ']')?.join('') ?? null
    const inside = frames.map((frame) => frame.name).filter((each) => each !== '')
    const aggregation = frames.findLast((frame) => AGGREGATIONS.includes(frame.name))
    return { name, matchers, window, inside: inside.reverse(), keptBy: aggregation?.kept ?? null }
  }

  const step = (token: string): void => {
    if (token === '(') {
      frames.push({ name: called ?? '', kept })
      called = null
      kept = null
    } else if (token === ')') {
      if (frames.pop() === undefined) {
        throw new Error(') has no (')
      }
    } else if (token === '[') {
      takeUntil(']')
    } else if (token === '{' || token === '}' || token === ']') {
      throw new Error(`${token} without its partner`)
    } else if (/^[a-zA-Z_:$]/.test(token) && !token.startsWith('${')) {
      word(token)
    }
  }

  return {
    selectors,
    functions,
    groupings,
    totals,
    read(): string | null {
      try {
        if (tokens.length === 0) {
          throw new Error('it is empty')
        }
        while (at < tokens.length) {
          step(take())
        }
        if (frames.length > 0) {
          throw new Error('( has no )')
        }
        return null
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
  }
}

const AGGREGATIONS: readonly string[] = [
  'sum',
  'min',
  'max',
  'avg',
  'count',
  'topk',
  'bottomk',
  'quantile',
  'group',
  'count_values',
  'stddev',
  'stdvar',
]

function matchersOf(tokens: readonly string[]): readonly Matcher[] {
  const matchers: Matcher[] = []
  const words = tokens.filter((token) => token !== ',')
  for (let index = 0; index < words.length; index += 3) {
    const [label = '', operator = '', quoted = ''] = words.slice(index, index + 3)
    if (!/^(=|!=|=~|!~)$/.test(operator) || !quoted.startsWith('"')) {
      throw new Error(`${label} has no matcher`)
    }
    matchers.push({ label, operator, value: quoted.slice(1, -1) })
  }
  return matchers
}
