// The cursor of a reader that follows the changes of a call log: the last change that it has, as opaque text for the next request.

/** `log`: the id of the call log; `change` 0: it is still among the calls of before changes were numbered. */
export interface ChangePosition {
  readonly log: string
  readonly change: number
  readonly id: number
}

/** Longer than the id of a log. */
const MAX_TEXT_LENGTH = 64

const KIND = 'changes'

/** The text of a position. */
export function writeChangeCursor({ log, change, id }: ChangePosition): string {
  return Buffer.from(JSON.stringify([KIND, log, change, id])).toString('base64url')
}

/** The position of a text that `writeChangeCursor` wrote; null for any other text. */
export function readChangeCursor(text: string): ChangePosition | null {
  const parsed = parseJson(Buffer.from(text, 'base64url').toString('utf8'))
  if (!Array.isArray(parsed)) {
    return null
  }
  const [kind, log, change, id]: unknown[] = parsed
  if (kind !== KIND || typeof log !== 'string' || log.length > MAX_TEXT_LENGTH || !isWhole(change) || !isWhole(id)) {
    return null
  }
  const position = { log, change, id }
  return writeChangeCursor(position) === text ? position : null
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
