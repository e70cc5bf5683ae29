// A command to copy that shows the latest calls of a call log, for those who see it for the first time.

/** For a POSIX shell; `path` may contain any character. */
export function exampleCommand(path: string): string {
  const query = 'SELECT start_time, caller, callee, disposition, duration FROM calls ORDER BY id DESC LIMIT 5'
  return `sqlite3 -readonly ${quoted(path)} '${query}'`
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`
}
