// Runs a function as an unprivileged user if the tests run as root, because root may write everything.

/** Runs the function and restores the user. Affects only the present thread. */
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
