// Flags, the environment and a .env file: the first that has a setting decides.

import { expect, test } from 'vitest'
import { runProgram } from './program.ts'

test('a flag wins over the environment, and that over .env', async () => {
  const dotEnv = 'HTTP_HOST=10.0.0.1\nHTTP_PORT=1111\nLOG_LEVEL=warn\nLOG_FORMAT=pretty\n'
  const environment = { ARI_USER: 'u', ARI_PASSWORD: 'p', HTTP_PORT: '2222', LOG_LEVEL: 'error' }
  const words = ['--check-config', '--web.listen-address=[::1]:3333']
  const { code, output } = await runProgram(words, environment, { dotEnv })
  expect(code).toBe(0)
  const lines = output.split('\n').filter((line) => /^(HTTP_HOST|HTTP_PORT|LOG_)/.test(line))
  expect(lines.slice(0, 4)).toEqual(['HTTP_HOST=::1', 'HTTP_PORT=3333', 'LOG_LEVEL=error', 'LOG_FORMAT=pretty'])
})

test('a flag that is not known ends the program with one line', async () => {
  const { code, output } = await runProgram(['--web.listen-adress=:9100'])
  expect([code, output]).toEqual([78, "Unknown option '--web.listen-adress': did you mean --web.listen-address?\n"])
})
