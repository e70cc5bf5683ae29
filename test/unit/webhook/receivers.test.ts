// The receivers that the documentation shows: they take what the sink sends, once, and nothing else.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { signature } from '../../../src/webhook/signature.ts'
import { freePort } from '../../system/program/program.ts'
import { callerItem, callItem, SECRET, testSink } from './items.ts'
import { startReceiver } from './receiver.ts'

const README = readFileSync(new URL('../../../src/webhook/README.md', import.meta.url), 'utf8')

const python = hasPython() ? ['python3'] : []

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write('python3 is not installed: the receiver in Python is not tested\n')
    return false
  }
}

/** Runs the program that the documentation has in this language. */
async function startExample(language: 'js' | 'python') {
  const code = README.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'webhook-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, language === 'js' ? 'receiver.mjs' : 'receiver.py')
  const secretFile = join(folder, 'secret')
  writeFileSync(file, code)
  writeFileSync(secretFile, `${SECRET}\n`)
  const port = await freePort()
  const child: ChildProcess = spawn(language === 'js' ? process.execPath : 'python3', [file], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      WEBHOOK_SECRET_FILE: secretFile,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  while (!output.includes('listening\n') && child.stdout !== null) {
    await once(child.stdout, 'data')
  }
  return { url: `http://127.0.0.1:${port}/calls`, lines: () => output.split('\n').slice(1, -1) }
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { status } = await fetch(url, { method: 'POST', body, headers: { 'idempotency-key': 'k', ...headers } })
  return status
}

describe.each(['js', ...python.map(() => 'python' as const)] as const)('the receiver in %s', (language) => {
  test('takes each event once, and refuses what is not signed with the secret, or was signed long ago', async () => {
    const { url, lines } = await startExample(language)
    const sink = testSink({ url })
    const items = [
      callItem(1, {
        caller: 'Zoë',
        legs: [{ endpoint: '102', answeredAt: 1_772_600_769_189, endedAt: 1_772_600_794_311, talkMs: 25_122 }],
      }),
      callItem(2, { event: 'missed', caller: '0401234567', answeredAt: null, disposition: 'no_answer', missed: true }),
      callerItem(3, 7, 'opened', { number: '0409876543' }),
    ]
    for (const item of [...items, ...items]) {
      expect(await sink.send(item)).toEqual({ delivered: [item.outboxId], refused: [] })
    }
    const body = JSON.stringify({ event: 'answered', site: 'x', call: { caller: 'nobody' } })
    const genuine = signature(SECRET, Date.now(), body)
    const refusals = [
      {},
      { 'x-signature': '' },
      { 'x-signature': 'v1,t' },
      { 'x-signature': signature('another secret', Date.now(), body) },
      { 'x-signature': signature(SECRET, Date.now(), `${body} `) },
      { 'x-signature': signature(SECRET, Date.now() - 301_000, body) },
      { 'x-signature': genuine.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000) + 1}`) },
    ]
    for (const headers of refusals) {
      expect([headers, await post(url, body, headers)]).toEqual([headers, 401])
    }
    expect(lines()).toEqual([
      'answered north Zoë 102',
      'missed north 0401234567 -',
      'missed_caller_opened north 0409876543 -',
    ])
    expect(await post(url, body, { 'x-signature': genuine })).toBe(204)
  })
})

test('the signature is what openssl computes', () => {
  // printf '1795444482.{}' | openssl dgst -sha256 -hmac key
  const expected = '62ac89870f326e53c992163e758a13369a7f596c4ef15ff78483e84c1754b5c3'
  expect(signature('key', 1_795_444_482_999, '{}')).toBe(`t=1795444482,v1=${expected}`)
})

test('without a secret, nothing is signed', async () => {
  const receiver = await startReceiver()
  await testSink({ url: receiver.url, secret: null }).send(callItem(1))
  expect(receiver.requests.map(({ headers }) => headers['x-signature'])).toEqual([undefined])
})
