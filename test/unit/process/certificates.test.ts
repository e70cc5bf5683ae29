// The certificates of NODE_EXTRA_CA_CERTS are trusted in every thread: Node's own list lacks them where the environment does.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { freshFolder, isInstalled, makePair } from '../http/certificates.ts'

const FILE = new URL('../../../src/process/certificates.ts', import.meta.url).href

/** Prints the list of the main thread, and that of a thread without an environment. */
const PROGRAM = `
  import { once } from 'node:events'
  import { Worker } from 'node:worker_threads'
  const { trustedCertificates } = await import('${FILE}')
  const inThread = "const worker_threads = process.getBuiltinModule('node:worker_threads');" +
    "import('${FILE}').then((file) => worker_threads.parentPort.postMessage(file.trustedCertificates()))"
  const [other] = await once(new Worker(inThread, { eval: true, env: {} }), 'message')
  process.stdout.write(JSON.stringify([trustedCertificates(), other]))`

test.runIf(isInstalled('openssl', 'version'))('besides those that Node brings with it, once', () => {
  const { cert } = makePair(freshFolder(), 'extra')
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
  })
  const extra = readFileSync(cert, 'utf8').trim()
  const lists: string[][] = JSON.parse(stdout)
  for (const list of lists) {
    expect(list).toEqual(expect.arrayContaining([...rootCertificates]))
    expect(list.filter((one) => one.trim() === extra)).toHaveLength(1)
  }
  expect(lists).toHaveLength(2)
})
