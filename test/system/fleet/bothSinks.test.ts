// The real program with a central call log and a webhook at once: neither waits for the other, and both have everything in the end, also
// after the program, the database and the receiver have failed in turn.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startReceiver } from '../../unit/webhook/receiver.ts'
import { exporter, pbxWith, ready, rows } from '../program/exporterUnderTest.ts'
import { subjectOf, subjectsOf, waitingFor, webhookSettings } from '../program/posted.ts'
import { eventually, freshFolder, scrape } from '../program/program.ts'
import { centralPerFile } from './centralPerFile.ts'

const central = centralPerFile()

test('each goes on while the other is down, and both are complete', async () => {
  const pbx = await pbxWith({ callsPerSecond: 15, speed: 60 })
  const receiver = await startReceiver()
  const passwordFile = join(freshFolder(), 'password')
  writeFileSync(passwordFile, central.writer.password ?? '')
  const settings = {
    ...{ ARI_URL: pbx.url, SITE: 'north', LOG_LEVEL: 'warn' },
    ...{ CALL_LOG_SINK: central.writer.url, CALL_LOG_SINK_PASSWORD_FILE: passwordFile },
    ...webhookSettings(receiver),
  }
  const stored = async () => Number(await central.postgres.sql('SELECT count(*) FROM calls', 'calls'))
  const taken = () => receiver.taken.length
  const first = await exporter(settings)
  await ready(first.port)
  await eventually(stored, (calls) => calls > 20)
  await eventually(taken, (requests) => requests > 20)

  await central.postgres.kill()
  await eventually(first.output, (log) => log.includes('"sink":"postgres","reason":"unreachable"'))
  const before = taken()
  await eventually(taken, (requests) => requests > before + 50)
  expect(waitingFor('postgres', first.db)).toBeGreaterThan(0)

  receiver.answer = () => 503
  await central.postgres.start()
  const calls = await stored()
  await eventually(stored, (now) => now > calls + 50)
  expect(waitingFor('webhook', first.db)).toBeGreaterThan(0)

  first.child.kill('SIGKILL')
  await first.ended
  receiver.answer = () => 200
  const second = await exporter(settings, first.db)
  await ready(second.port)
  await pbx.stop()
  await eventually(
    () => waitingFor('postgres', second.db) + waitingFor('webhook', second.db),
    (left) => left === 0,
  )
  const inFile = rows(
    second.db,
    `SELECT id || ' ' || channel_id || ' ' || disposition || ' ' || printf('%.3f', duration) AS text
     FROM calls WHERE end_time IS NOT NULL ORDER BY id`,
  )
  const inCentral = await central.postgres.sql(
    `SELECT id || ' ' || channel_id || ' ' || disposition || ' ' || to_char(duration, 'FM999990.000') FROM calls ORDER BY id`,
    'calls',
  )
  expect(inCentral.split('\n')).toEqual(inFile.map(({ text }) => text))
  expect([...new Set(receiver.taken.map(subjectOf))].toSorted()).toEqual(subjectsOf(second.db))
  expect(new Set(receiver.requests.map(({ key }) => key)).size).toBe(subjectsOf(second.db).length)

  const samples = await eventually(
    () => scrape(second.port),
    (now) => now.get('asterisk_exporter_outbox_rows{sink="webhook"}') === 0,
  )
  expect(samples.get('asterisk_exporter_outbox_rows{sink="postgres"}')).toBe(0)
  expect(samples.get('asterisk_exporter_outbox_shipped_total{sink="webhook"}')).toBeGreaterThan(0)
  expect(samples.get('asterisk_exporter_outbox_shipped_total{sink="postgres"}')).toBeGreaterThan(0)
  expect(`${first.output()}${second.output()}`).not.toContain('must-not-be-seen')
})
