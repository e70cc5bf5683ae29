// The time format of ARI: ISO 8601 with milliseconds and a zone offset without a colon (`2026-11-23T07:08:26.933+0000`).
// Source: recorded traffic. Asterisk writes its local time; V8's Date.parse reads it.

/** A formatter of epoch ms for a zone `offsetMinutes` east of Greenwich. */
export function createStamp(offsetMinutes: number): (at: number) => string {
  const zone = zoneText(offsetMinutes)
  let second = Number.NaN
  let prefix = ''
  return (at) => {
    const local = Math.round(at) + offsetMinutes * 60_000
    const whole = Math.floor(local / 1000)
    // Many events share a second, so the text of the second is cached.
    if (whole !== second) {
      second = whole
      prefix = new Date(whole * 1000).toISOString().slice(0, 20)
    }
    return `${prefix}${String(local - whole * 1000).padStart(3, '0')}${zone}`
  }
}

function zoneText(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes)
  const digits = String(Math.floor(minutes / 60) * 100 + (minutes % 60)).padStart(4, '0')
  return `${offsetMinutes < 0 ? '-' : '+'}${digits}`
}
