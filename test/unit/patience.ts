// How long a test waits for an event: far longer than it takes, so that a test does not fail on a busy machine.

/** For `vi.waitFor`. */
export const PATIENCE = { timeout: 40_000, interval: 20 }
