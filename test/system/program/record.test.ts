// The record command against a simulated PBX, as a user runs it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exporter, PASSWORD, pbxWith, ready, rows } from './exporterUnderTest.ts'
import { eventually, freshFolder, runProgram, scrape, startProgram } from './program.ts'

/** Records until `isEnough`, and returns the file. */
async function record(url: string, isEnough: (text: string) => boolean): Promise<string> {
  const file = join(freshFolder(), 'recording.ndjson')
  const settings = { ARI_URL: url, ARI_USER: 'exporter', ARI_PASSWORD: PASSWORD, LOG_FORMAT: 'json' }
  const recorder = startProgram(['record', file], settings)
  onTestFinished(() => void recorder.child.kill('SIGKILL'))
  await eventually(recorder.output, (output) => output.includes('connected to Asterisk'))
  await eventually(() => readFileSync(file, 'utf8'), isEnough)
  recorder.child.kill('SIGTERM')
  expect(await recorder.ended).toBe(0)
  expect(recorder.output()).toContain('recording closed')
  return file
}

const hasEnded = (text: string): boolean => (text.match(/ChannelDestroyed/g)?.length ?? 0) > 20

test('records beside a running exporter, again and again, and disturbs it not; replay reads the calls', async () => {
  const pbx = await pbxWith({ callsPerSecond: 10, speed: 20 })
  const running = await exporter({ ARI_URL: pbx.url })
  await ready(running.port)
  const files = [await record(pbx.url, hasEnded), await record(pbx.url, hasEnded)]
  for (const file of files) {
    const { code, output } = await runProgram(['replay', file, '--json'])
    expect(code).toBe(0)
    const { calls }: { calls: readonly { channel_id: string; caller: string }[] } = JSON.parse(output)
    expect(calls.length).toBeGreaterThan(0)
  }
  const samples = await scrape(running.port)
  const lost = [...samples].filter(([name]) => name.startsWith('asterisk_exporter_session_disconnects_total'))
  expect(lost.length).toBeGreaterThan(0)
  expect(lost.filter(([, count]) => count > 0)).toEqual([])
  expect(rows(running.db, 'SELECT count(*) AS calls FROM calls')[0]?.['calls']).toBeGreaterThan(0)
})
