// Parses Asterisk's timestamps to epoch milliseconds.
//
// `2026-11-23T07:08:26.933+0900`: milliseconds, and a zone offset without a colon. Parsed for every frame, so it reads the digits
// without allocating anything; Date.parse would take half as long again, and accepts days that do not exist.
// Source: recorded traffic; `ast_json_timeval` in Asterisk's main/json.c.

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DAYS_BEFORE_1970 = 719_468
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Epoch milliseconds, or NaN for any other text. Accepts `+0900`, `+09:00` and `Z`. */
export function parseTimestamp(text: string): number {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const milli = digits(text, 20, 3)
  if (!isPunctuated(text) || !isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) {
    return Number.NaN
  }
  const dayMs = daysSinceEpoch(year, month, day) * DAY_MS
  return dayMs + (hour * 60 + minute) * MINUTE_MS + second * 1000 + milli - offsetMinutes(text) * MINUTE_MS
}

function digits(text: string, from: number, count: number): number {
  let value = 0
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) {
      return Number.NaN
    }
    value = value * 10 + digit
  }
  return value
}

function isPunctuated(text: string): boolean {
  const isDate = text[4] === '-' && text[7] === '-' && text[10] === 'T'
  return isDate && text[13] === ':' && text[16] === ':' && text[19] === '.'
}

function isDay(year: number, month: number, day: number): boolean {
  if (month === 2 && day === 29) {
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  }
  return day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0)
}

/** Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const yearDay = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + yearDay - DAYS_BEFORE_1970
}

function offsetMinutes(text: string): number {
  const sign = text[23]
  if (sign === 'Z') {
    return text.length === 24 ? 0 : Number.NaN
  }
  const isWithColon = text[26] === ':'
  if ((sign !== '+' && sign !== '-') || text.length !== (isWithColon ? 29 : 28)) {
    return Number.NaN
  }
  const hours = digits(text, 24, 2)
  const minutes = digits(text, isWithColon ? 27 : 26, 2)
  if (hours > 23 || minutes > 59) {
    return Number.NaN
  }
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes)
}
