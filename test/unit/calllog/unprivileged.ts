// Runs something as a user who owns nothing, when the tests run as root, who may write anything.

/** Runs it, and is root again if it was. Threads are not covered: this one only. */
export function unprivileged(run: () => void): void {
  if (process.getuid?.() !== 0) {
    run()
    return
  }
  process.seteuid?.(65_534)
  try {
    run()
  } finally {
    process.seteuid?.(0)
  }
}
