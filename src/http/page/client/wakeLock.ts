// Keeps the screen on. A browser without wake locks, or that refuses one, says nothing: the settings of the screen decide then.

export interface WakeLock {
  hold(): void
  release(): void
}

export function createWakeLock(): WakeLock {
  let isWanted = false
  let lock: WakeLockSentinel | null = null
  const request = async (): Promise<void> => {
    if (!isWanted || document.hidden || !('wakeLock' in navigator) || lock?.released === false) {
      return
    }
    try {
      lock = await navigator.wakeLock.request('screen')
    } catch {
      // Low battery, or not allowed.
    }
  }
  // A browser takes the lock away when the page is hidden.
  document.addEventListener('visibilitychange', () => void request())
  return {
    hold() {
      isWanted = true
      void request()
    },
    release() {
      isWanted = false
      void lock?.release()
      lock = null
    },
  }
}
