// An Asterisk over HTTPS whose certificate no public CA has signed.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshFolder as certificateFolder, isInstalled, makePair } from '../../unit/http/certificates.ts'
import { eventually, freePort, freshFolder, startProgram } from './program.ts'

const hasOpenssl = isInstalled('openssl', 'version')

async function outputWith(ca: (cert: string) => Record<string, string>, words: string): Promise<string> {
  const { cert, key } = makePair(certificateFolder(), 'pbx')
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) => {
    response.writeHead(401).end()
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const program = startProgram([], {
    ARI_URL: `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    ARI_USER: 'exporter',
    ARI_PASSWORD: 'secret',
    ARI_PASWORD: 'misspelt',
    DB_PATH: join(freshFolder(), 'calls.db'),
    HTTP_PORT: String(await freePort()),
    ...ca(cert),
  })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  return eventually(program.output, (output) => output.includes(words))
}

test.skipIf(!hasOpenssl)('is reported with the setting that helps, and so is a misspelt setting', async () => {
  const output = await outputWith(() => ({}), 'is not trusted')
  expect(output).toMatch(/is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*ARI_CA_FILE.*NODE_EXTRA_CA_CERTS/)
  expect(output).toContain('did you mean ARI_PASSWORD?')
})

test.skipIf(!hasOpenssl)('is trusted when ARI_CA_FILE names it', async () => {
  await outputWith((cert) => ({ ARI_CA_FILE: cert }), 'does not accept the user or the password')
})
