// The commands about the file of the call log, `backup` and `new-log-id`: do it, and return what to tell.

import { backUp } from '../calllog/file/backup.ts'
import { giveNewLogId } from '../calllog/outbox/newLogId.ts'
import { readSetting } from '../config.ts'
import { type Environment, SETTINGS } from '../settings/settings.ts'

/** Rejects with `CallLogOpenError`. */
export async function backUpCallLog(environment: Environment, target: string): Promise<string> {
  const path = readSetting(environment, SETTINGS.callLog.path)
  const { calls } = await backUp(path, target)
  return [
    `Copied the call log ${path} to ${target}: ${calls} ended calls.`,
    `To restore it: stop the exporter, move ${path}, ${path}-wal, ${path}-shm and ${path}-spill to another folder, copy ${target} to ${path}, run \`asterisk-ari-exporter new-log-id\` if calls are sent to a central call log or a client keeps a copy of them, start the exporter.`,
  ].join('\n')
}

/** Rejects with `CallLogOpenError`. */
export async function renewLogId(environment: Environment): Promise<string> {
  const path = readSetting(environment, SETTINGS.callLog.path)
  const { before, logId } = await giveNewLogId(path)
  return `The call log ${path} has the id ${logId} now; it was ${before}. What was not delivered yet is sent under the new id.`
}
