// SIGTERM to `npm start`, as a supervisor sends it, reaches the program, which stops in order.

import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPbx } from '../../../src/pbx-sim/pbx.ts'
import { eventually, freePort, freshFolder, get, MAIN } from './program.ts'

/** A package with our scripts, whose built program is the one in the sources. */
function installed(): string {
  const folder = freshFolder()
  copyFileSync(new URL('../../../package.json', import.meta.url), join(folder, 'package.json'))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/main.js'), `await import(${JSON.stringify(MAIN)})\n`)
  return folder
}

test('npm start ends the program in order', async () => {
  const pbx = await startPbx({ user: 'exporter', password: 'secret', traffic: 'lean' })
  onTestFinished(() => pbx.stop())
  const port = await freePort()
  const cwd = installed()
  const npm = spawn('npm', ['start', '--silent'], {
    cwd,
    // A group of its own, so that what npm leaves behind is ended with it.
    detached: true,
    env: {
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: cwd,
      npm_config_update_notifier: 'false',
      ARI_URL: pbx.url,
      ARI_USER: 'exporter',
      ARI_PASSWORD: 'secret',
      DB_PATH: join(freshFolder(), 'calls.db'),
      HTTP_PORT: String(port),
    },
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (chunk) => (output += chunk))
  }
  const ended = new Promise((resolve) => npm.on('close', (code, signal) => resolve(code ?? signal)))
  onTestFinished(() => endGroup(npm.pid))

  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
  npm.kill('SIGTERM')
  // Its pipes close when the last that has them open is gone: the program.
  expect(await ended).toBe(0)
  const lines = output.trim().split('\n')
  expect(lines.filter((line) => line.includes('"msg":"stopping"'))).toEqual([expect.stringContaining('SIGTERM')])
  expect(lines.at(-1)).toContain('"msg":"stopped"')
  expect((await get(port, '/-/healthy')).status).toBe(0)
})

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, 'SIGKILL')
    }
  } catch {
    // Nobody is left.
  }
}
