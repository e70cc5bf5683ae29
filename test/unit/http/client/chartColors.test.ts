// The charts of the page have the colours of the boards.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MISSED_COLORS, OUTCOME_COLORS } from '../../../../grafana/colors.ts'
import { hexOf } from '../../grafana/palette.ts'

const STYLE = readFileSync(new URL('../../../../src/http/page/base.css', import.meta.url), 'utf8')

test.each([
  ['answered', OUTCOME_COLORS.answered],
  ['missed', MISSED_COLORS.inbound],
  ['other', OUTCOME_COLORS.unknown],
])('%s calls', (name, color) => {
  expect(new RegExp(`--${name}: (.*);`).exec(STYLE)?.[1]).toBe(hexOf(color).toLowerCase())
})
