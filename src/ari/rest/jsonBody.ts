// Parses the body of a response as it arrives: the elements of a list one by one, some in each turn of the event loop.
//
// The list of ten thousand channels is some megabytes; parsed at once, it would hold up everything else for a tenth of a second.

import { setImmediate as nextTurn } from 'node:timers/promises'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** What `JSON.parse` returns for the whole body; undefined for an empty one. Rejects with a SyntaxError. */
export async function parseBody(chunks: AsyncIterable<Buffer>): Promise<unknown> {
  const parser = createParser()
  for await (const chunk of chunks) {
    parser.push(chunk)
    await nextTurn()
  }
  return parser.end()
}

interface Parser {
  push(chunk: Buffer): void
  end(): unknown
}

// Splits a list at the commas between its elements, and leaves it to JSON.parse whether each is valid.
function createParser(): Parser {
  // Null: the body is not a list, or has not begun.
  let list: unknown[] | null = null
  let isClosed = false
  // Of the element, or of the body if it is no list, as far as it was read.
  let parts: Buffer[] = []
  let depth = 0
  let isInString = false
  let isEscaped = false

  function takeText(): string {
    const text = Buffer.concat(parts).toString()
    parts = []
    return text
  }

  function close(elements: unknown[]): void {
    const text = takeText()
    if (elements.length > 0 || text.trim() !== '') {
      elements.push(JSON.parse(text))
    }
    isClosed = true
  }

  /** A byte outside of strings that divides; true if what follows it is another part. */
  function divides(byte: number, before: Buffer): boolean {
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      depth += 1
      if (byte === OPEN_BRACKET && depth === 1 && list === null && isBlank([...parts, before])) {
        list = []
        parts = []
        return true
      }
      return false
    }
    if (byte === COMMA && depth === 1 && list !== null) {
      parts.push(before)
      list.push(JSON.parse(takeText()))
      return true
    }
    if (byte !== COMMA) {
      depth -= 1
    }
    if (byte === CLOSE_BRACKET && depth === 0 && list !== null && !isClosed) {
      parts.push(before)
      close(list)
      return true
    }
    return false
  }

  return {
    push(chunk) {
      let start = 0
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] ?? 0
        if (isEscaped) {
          isEscaped = false
        } else if (byte === QUOTE) {
          isInString = !isInString
        } else if (isInString) {
          isEscaped = byte === BACKSLASH
        } else if (isDivider(byte) && divides(byte, chunk.subarray(start, at))) {
          start = at + 1
        }
      }
      parts.push(chunk.subarray(start))
    },
    end() {
      const rest = takeText()
      if (list === null) {
        return rest === '' ? undefined : JSON.parse(rest)
      }
      if (!isClosed || rest.trim() !== '') {
        throw new SyntaxError('the list has no end, or more follows')
      }
      return list
    },
  }
}

function isDivider(byte: number): boolean {
  switch (byte) {
    case COMMA:
    case OPEN_BRACKET:
    case CLOSE_BRACKET:
    case OPEN_BRACE:
    case CLOSE_BRACE:
      return true
    default:
      return false
  }
}

function isBlank(parts: readonly Buffer[]): boolean {
  return Buffer.concat(parts).toString().trim() === ''
}
