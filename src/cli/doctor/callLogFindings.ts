// What follows from the file at DB_PATH: whether the exporter can write it, and what its calls say about the settings.

import { type CallLogFile, inspectCallLog } from '../../calllog/file/inspect.ts'
import { type Finding, fault, faultOf, note, ok, warning } from './finding.ts'

const CALL_LOG = 'call log'

/** Null: there can be no file at the path. */
export interface CallLogResult {
  readonly file: CallLogFile | null
  readonly findings: readonly Finding[]
}

export function readCallLog(path: string): CallLogResult {
  try {
    const file = inspectCallLog(path)
    return { file, findings: [schema(file, path), ...rights(file, path), disk(file), ...calls(file)] }
  } catch (error) {
    return { file: null, findings: [faultOf(CALL_LOG, error instanceof Error ? error.message : String(error))] }
  }
}

function schema({ schema: kind, version, newestVersion, bytes, isInUse }: CallLogFile, path: string): Finding {
  switch (kind) {
    case 'missing':
    case 'empty':
      return ok(CALL_LOG, `${path} does not exist yet: the exporter makes it`)
    case 'known': {
      const older = version < newestVersion ? `; the exporter migrates it to version ${newestVersion} at its start` : ''
      const use = isInUse ? ', in use by a running exporter' : ''
      return ok(CALL_LOG, `${path}, ${megabytes(bytes)}, schema version ${version}${use}${older}`)
    }
    case 'newer':
      return fault(
        CALL_LOG,
        `${path} has schema version ${version}, of a newer version of this program`,
        'start that version, or set DB_PATH to another file',
      )
    case 'foreign':
      return fault(CALL_LOG, `${path} is the database of another program`, 'set DB_PATH to another file')
    case 'damaged':
      return fault(
        CALL_LOG,
        `${path} is damaged: the exporter would rename it and begin a new one`,
        'restore a backup, if you have one, before you start the exporter',
      )
    case 'unreadable':
      return fault(CALL_LOG, `${path} cannot be read`, 'let this user read and write the file and its folder')
  }
}

function rights({ isWritable }: CallLogFile, path: string): readonly Finding[] {
  return isWritable
    ? []
    : [
        fault(
          CALL_LOG,
          `${path} cannot be written by this user`,
          'let this user write the file and its folder, or set DB_PATH to another file',
        ),
      ]
}

/** A call takes about a kilobyte: a thousand calls a day fill this in nearly two years. */
const ENOUGH_BYTES = 500_000_000

function disk({ freeBytes }: CallLogFile): Finding {
  const text = `${megabytes(freeBytes)} are free on its disk`
  return freeBytes >= ENOUGH_BYTES
    ? ok(CALL_LOG, text)
    : warning(CALL_LOG, text, 'make room, or set CALL_LOG_RETENTION_DAYS')
}

/** Fewer calls say nothing. */
const ENOUGH_CALLS = 20

function calls({ calls: latest }: CallLogFile): readonly Finding[] {
  if (latest === null) {
    return []
  }
  const { count, inbound } = latest
  if (count === 0) {
    return [note(CALL_LOG, 'it has no calls yet', 'start the exporter and make a call')]
  }
  return inbound === 0 && count >= ENOUGH_CALLS
    ? [
        warning(
          CALL_LOG,
          `none of the latest ${count} calls came in on a trunk`,
          'if calls do come in, set TRUNKS to the names of all trunks',
        ),
      ]
    : [ok(CALL_LOG, `of the latest ${count} calls, ${inbound} came in on a trunk`)]
}

function megabytes(bytes: number): string {
  return bytes >= 10_000_000_000
    ? `${Math.floor(bytes / 1_000_000_000)} GB`
    : bytes >= 10_000_000
      ? `${Math.floor(bytes / 1_000_000)} MB`
      : `${Math.ceil(bytes / 1_000)} KB`
}
