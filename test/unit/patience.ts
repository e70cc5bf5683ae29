// How long a test waits for what must happen: far longer than it takes, so that a busy machine fails nothing.

/** For `vi.waitFor`. */
export const PATIENCE = { timeout: 40_000, interval: 20 }
