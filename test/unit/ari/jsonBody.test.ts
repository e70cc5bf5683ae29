// Parsing a body in pieces gives what JSON.parse gives for the whole of it, wherever it is divided.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBody } from '../../../src/ari/rest/jsonBody.ts'

async function* divided(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size)
  }
}

/** The value, or `invalid`. */
async function outcomeOf(parse: () => unknown): Promise<unknown> {
  try {
    return await parse()
  } catch (error) {
    return error instanceof SyntaxError ? 'invalid' : error
  }
}

async function expectSame(text: string, size: number): Promise<void> {
  const whole = await outcomeOf(() => JSON.parse(text))
  expect(await outcomeOf(() => parseBody(divided(text, size)))).toEqual(whole)
}

test.each([
  '[]',
  ' [ ] \n',
  '[1]',
  '[{"a":"]"},{"b":"\\"],["}]',
  '[[1,2],[],{"c":[3]}]',
  '["a,b", null, true, -1.5e3, "☎"]',
  '{"a":[1,2]}',
  '"text"',
  '17',
  'null',
  // Not JSON.
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1',
  '[1}',
  '[1]]',
  '[1] 2',
  '[1][2]',
  '["a',
  '{"a":1',
  '{"a":1]',
  '<html>[1]</html>',
  '1[2]',
  ']',
])('%s', async (text) => {
  for (const size of [1, 2, 3, 1_000]) {
    await expectSame(text, size)
  }
})

test('an empty body is none', async () => {
  expect(await parseBody(divided('', 1))).toBeUndefined()
})

test('any value, and any changed one', async () => {
  const value = fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue())
  const change = fc.option(fc.record({ at: fc.nat(), text: fc.constantFrom('', '"', '\\', ',', '[', ']', '{', '}') }))
  await fc.assert(
    fc.asyncProperty(value, fc.integer({ min: 1, max: 20 }), change, async (json, size, changed) => {
      const text = JSON.stringify(json)
      const at = changed === null ? 0 : changed.at % text.length
      await expectSame(changed === null ? text : text.slice(0, at) + changed.text + text.slice(at + 1), size)
    }),
  )
})

test('other work gets its turn between two pieces', async () => {
  const text = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => ({ id: `1.${index}`, name: 'PJSIP/101' })))
  let isOver = false
  let turns = 0
  const count = (): void => {
    turns += 1
    if (!isOver) {
      setImmediate(count)
    }
  }
  setImmediate(count)
  expect(await parseBody(divided(text, 1_000))).toHaveLength(1_000)
  isOver = true
  expect(turns).toBeGreaterThanOrEqual(text.length / 1_000)
})
