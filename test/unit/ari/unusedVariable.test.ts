// Frames recognized without parsing: never one that the parser makes an event of.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFrame } from '../../../src/ari/decode.ts'
import { isUnusedVariable } from '../../../src/ari/unusedVariable.ts'
import { CALL_VARIABLES } from '../../../src/call/event.ts'
import { recordedFrames, recordingNames } from './recordedFrames.ts'

const IGNORED = { kind: 'ignored', frameType: 'ChannelVarset' }

function frame(variable: string, value: string): string {
  return JSON.stringify({ variable, value, type: 'ChannelVarset', timestamp: '2026-11-23T14:07:23.886+0000' })
}

const isUnused = (text: string): boolean => isUnusedVariable(Buffer.from(text))

test('recognizes a variable that is not used, whatever its value contains', () => {
  for (const value of [
    '',
    'x',
    '"',
    '\\',
    '\\"',
    'a\\\\"b',
    '","type":"Dial","timestamp":"',
    'ünïcode ☎',
    '\n\u0000',
  ]) {
    expect([value, isUnused(frame('SIPDOMAIN', value))]).toEqual([value, true])
  }
})

test('leaves each used variable to the parser', () => {
  for (const name of CALL_VARIABLES) {
    expect([name, isUnused(frame(name, 'x'))]).toEqual([name, false])
  }
})

test.each([
  ['an empty frame', ''],
  ['an escaped name, which may be that of a used variable', frame('X', '').replace('"X"', '"QUEUE\\u0053TATUS"')],
  ['another type', frame('X', '').replace('ChannelVarset', 'ChannelCreated')],
  ['another order of the fields', '{"type":"ChannelVarset","variable":"X","value":""}'],
  ['a value that is no string', frame('X', '').replace('"value":""', '"value":null')],
  ['a value without end', '{"variable":"X","value":"abc}'],
  ['a space', frame('X', '').replace(',', ', ')],
  ['a cut end', frame('X', '').slice(0, -1)],
  ['a frame longer than any of these', frame('X', 'x'.repeat(100_000))],
])('leaves %s to the parser', (_, text) => {
  expect(isUnused(text)).toBe(false)
})

describe('recorded traffic', () => {
  test.each(recordingNames)('agrees with the parser on every frame of %s', (name) => {
    const differing = recordedFrames(name).find((text) => {
      const decoded = decodeFrame(text)
      return isUnused(text) !== (decoded.kind === 'ignored' && decoded.frameType === 'ChannelVarset')
    })
    expect(differing).toBeUndefined()
  })

  test('never takes a changed frame for an unused one that the parser makes an event of', () => {
    const frames = recordingNames.slice(0, 8).flatMap((name) => recordedFrames(name).map((text) => Buffer.from(text)))
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255), cut: fc.boolean() })
    const changed = (original: Buffer, changes: readonly { at: number; byte: number; cut: boolean }[]): Buffer =>
      changes.reduce((bytes, { at, byte, cut }) => {
        const index = Math.floor(at * (bytes.length - 1))
        const inserted = cut ? Buffer.alloc(0) : Buffer.from([byte])
        return Buffer.concat([bytes.subarray(0, index), inserted, bytes.subarray(index + 1)])
      }, original)
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.array(change, { minLength: 1, maxLength: 4 }), (original, changes) => {
        const bytes = changed(original, changes)
        const decoded = decodeFrame(bytes.toString())
        if (isUnusedVariable(bytes) && decoded.kind !== 'malformed') {
          expect(decoded).toEqual(IGNORED)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
