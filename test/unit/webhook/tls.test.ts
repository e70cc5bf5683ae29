// Receivers with TLS, and ports on which something else answers.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freshFolder, isInstalled, makePair } from '../http/certificates.ts'
import { callItem, testSink } from './items.ts'
import { startReceiver } from './receiver.ts'

describe.runIf(isInstalled('openssl', 'version'))('a receiver with TLS', () => {
  function certificate() {
    const folder = freshFolder()
    const ca = makePair(folder, 'ca')
    const { cert, key } = makePair(folder, 'localhost', ca)
    return { ca: readFileSync(ca.cert, 'utf8'), cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  }

  test('is trusted by its CA alone', async () => {
    const { ca, ...tls } = certificate()
    const receiver = await startReceiver({ tls })
    await expect(testSink(receiver).send(callItem(1))).rejects.toMatchObject({
      reason: 'tls',
      message: expect.stringMatching(/UNABLE_TO_VERIFY.*set WEBHOOK_CA_FILE/),
    })
    expect(receiver.requests).toEqual([])
    expect(await testSink({ url: receiver.url, ca }).send(callItem(1))).toEqual({ delivered: [1], refused: [] })
    expect(receiver.requests).toHaveLength(1)
  })

  test('of another name is not trusted', async () => {
    const { ca, ...tls } = certificate()
    const receiver = await startReceiver({ tls, host: '127.0.0.2' })
    await expect(testSink({ url: receiver.url, ca }).send(callItem(1))).rejects.toMatchObject({ reason: 'tls' })
    expect(receiver.requests).toEqual([])
  })
})

test.each([
  ['SIP/2.0 400 Bad Request\r\n\r\n', /not HTTP.*check WEBHOOK_URL/],
  ['', /ECONNRESET|no connection/],
])('a port that answers %j takes no event, and loses none', async (answer, said) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const sink = testSink({ url: `http://127.0.0.1:${port}` })
  const messages = []
  for (let round = 0; round < 20; round += 1) {
    const outcome = await sink.send(callItem(1), callItem(2)).catch((error: unknown) => error)
    expect(outcome).not.toHaveProperty('refused', expect.arrayContaining([expect.anything()]))
    const failures =
      outcome instanceof Error ? [outcome] : ((outcome as { later?: { failures: Error[] } }).later?.failures ?? [])
    messages.push(...failures.map(({ message }) => message))
    sink.pass(300_000)
  }
  expect(messages.length).toBeGreaterThanOrEqual(20)
  for (const message of messages) {
    expect(message).toMatch(said)
  }
})
