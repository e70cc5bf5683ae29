// Starts that fail, or that wait for an Asterisk: one line says which setting mends it.

import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exporter, PASSWORD, pbxWith } from './exporterUnderTest.ts'
import { eventually, freePort, freshFolder, get, runProgram, scrape, sumOf } from './program.ts'

describe('a start that fails', () => {
  test('logs a wrong password without showing it, and keeps trying', async () => {
    const pbx = await pbxWith({})
    const program = await exporter({ ARI_URL: pbx.url, ARI_PASSWORD: 'wrong-pass-word' })
    await eventually(
      () => program.output(),
      (output) => output.includes('ARI_PASSWORD'),
    )
    expect(sumOf(await scrape(program.port), 'asterisk_up')).toBe(0)
    expect((await get(program.port, '/-/ready')).status).toBe(503)
    expect(program.output()).not.toContain('wrong-pass-word')
    expect(program.child.exitCode).toBeNull()
  })

  test('waits for an Asterisk that is not there yet', async () => {
    const program = await exporter({ ARI_URL: `http://127.0.0.1:${await freePort()}` })
    await eventually(
      () => program.output(),
      (output) => output.includes('ARI_URL'),
    )
    expect(sumOf(await scrape(program.port), 'asterisk_up')).toBe(0)
    expect(program.child.exitCode).toBeNull()
  })

  test('logs that a server is not an Asterisk', async () => {
    const web = createServer((_request, response) => response.end('<html>hello</html>')).listen(0, '127.0.0.1')
    onTestFinished(() => void web.close())
    await eventually(() => web.listening, Boolean)
    const address = web.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const program = await exporter({ ARI_URL: `http://127.0.0.1:${port}` })
    const output = await eventually(
      () => program.output(),
      (text) => text.includes('"level":40'),
    )
    expect(output).toMatch(/ARI_URL/)
  })

  const base = { ARI_USER: 'u', ARI_PASSWORD: 'p', ARI_URL: 'http://127.0.0.1:9' }

  test('--doctor says what must be mended, makes no call log, and exits with 1', async () => {
    const port = await freePort()
    const db = join(freshFolder(), 'calls.db')
    const settings = { ...base, ARI_URL: `http://127.0.0.1:${port}`, DB_PATH: db, HTTP_PORT: String(await freePort()) }
    const { code, output } = await runProgram(['--doctor'], settings)
    expect([code, output]).toEqual([1, expect.stringMatching(/^FAULT +Asterisk .*ECONNREFUSED/m)])
    expect(output).toContain('ARI_PASSWORD=(set)')
    expect(existsSync(db)).toBe(false)
  })

  test('exits with one line that names HTTP_PORT when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await eventually(() => server.listening, Boolean)
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, output } = await runProgram([], { ...base, HTTP_PORT: String(port), LOG_LEVEL: 'silent' })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*HTTP_PORT[^\n]*\n$/)])
  })

  test.each([
    ['a folder that does not exist', '/nowhere/at/all.db'],
    ['a file that is not a database', 'text'],
  ])('exits with one line that names DB_PATH for %s', async (_name, path) => {
    const db = path === 'text' ? join(freshFolder(), 'calls.db') : path
    if (path === 'text') {
      writeFileSync(db, 'This is not a database, and it is long enough to be seen as something else.'.repeat(20))
    }
    const { code, output } = await runProgram([], {
      ...base,
      DB_PATH: db,
      HTTP_PORT: String(await freePort()),
      LOG_LEVEL: 'silent',
    })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*DB_PATH[^\n]*\n$/)])
  })

  test('refuses a second instance on one database', async () => {
    const program = await exporter({ ARI_URL: 'http://127.0.0.1:9' })
    await eventually(
      () => get(program.port, '/-/healthy'),
      ({ status }) => status === 200,
    )
    const { code, output } = await runProgram([], {
      ...base,
      DB_PATH: program.db,
      HTTP_PORT: String(await freePort()),
      LOG_LEVEL: 'silent',
    })
    expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*DB_PATH[^\n]*\n$/)])
  })

  test('reports all wrong settings at once', async () => {
    const { code, output } = await runProgram([], { HTTP_PORT: 'many', LOG_LEVEL: 'loud' })
    expect(code).toBe(78)
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(
      ['HTTP_PORT', 'LOG_LEVEL', 'ARI_USER', 'ARI_PASSWORD'].sort((a, b) => output.indexOf(a) - output.indexOf(b)),
    )
    expect((await runProgram(['--check-config'], { HTTP_PORT: 'many' })).code).toBe(78)
  })

  test('--check-config shows the settings without the password', async () => {
    const { code, output } = await runProgram(['--check-config'], { ...base, ARI_PASSWORD: PASSWORD })
    expect(code).toBe(0)
    expect(output).toContain('HTTP_PORT=9745 (default)')
    expect(output).not.toContain(PASSWORD)
  })
})
