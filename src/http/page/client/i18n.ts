// Texts, numbers and times in the language of the browser.
//
// Uses no elements and no clock. Times are in the browser's time zone, formatted by Intl. A value of the API without a translation
// is shown unchanged.

import { LANGUAGES, type Language, TRANSLATIONS, type TranslationKey } from './translations.ts'

/** Values of the API that have texts. */
export type ValueField =
  | 'direction'
  | 'destination'
  | 'state'
  | 'count'
  | 'result'
  | 'side'
  | 'hangup'
  | 'outcome'
  | 'problem'
  | 'role'
  | 'trunk'
  | 'reason'

export interface I18n {
  readonly language: Language
  t(key: TranslationKey, fill?: Readonly<Record<string, string>>): string
  /** A count with the plural form of the language. */
  counted(
    key:
      | 'live.count'
      | 'calls.count'
      | 'calls.of'
      | 'callers.count'
      | 'callers.more'
      | 'charts.calls'
      | 'search.found'
      | 'partners.silent',
    count: number,
    fill?: Readonly<Record<string, string>>,
  ): string
  /** The text for a value of the API; the value itself if it has no translation; a dash for null. */
  value(field: ValueField, value: string | null): string
  number(value: number, digits?: number): string
  share(ratio: number | null): string
  /** In the notation of the browser's region, with the year: `23 Nov 2026, 07:08:26`; a dash for null. */
  time(iso: string | null): string
  timeOfDay(iso: string): string
  /** Without the seconds. */
  minuteOfDay(iso: string): string
  /** A day: `Mon, 23 Nov`. */
  day(iso: string, hasYear: boolean): string
  /** A count in a narrow place: `1.2K`. */
  compact(value: number): string
  /** At the axis of a chart, of epoch ms: an hour, or a day. */
  tick(at: number, hasHours: boolean): string
  /** An entry of a series by hours or days: with the weekday. */
  entry(iso: string, hasHours: boolean): string
  /** The short name of a weekday; 1: Monday. */
  weekday(day: number): string
  /** `1:05:09`, `0:07`. */
  clock(seconds: number): string
  /** Of seconds: `4.2 ms`. */
  milliseconds(seconds: number): string
  /** `3 hr 5 min`; a dash for null. */
  span(seconds: number | null): string
}

export const DASH = '–'

/** The first of the browser's languages that is translated, else English. */
export function localeOf(wanted: readonly string[]): { readonly language: Language; readonly locale: string } {
  for (const locale of wanted) {
    const language = LANGUAGES.find((each) => locale.toLowerCase().split('-')[0] === each)
    if (language !== undefined) {
      return { language, locale }
    }
  }
  return { language: 'en', locale: 'en' }
}

// Dates follow the browser's first language even if it is not translated: with English texts, a German browser keeps the order
// of day and month.
function dateLocaleOf(wanted: readonly string[]): string {
  const isKnown = (locale: string): boolean => {
    try {
      return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0
    } catch {
      // The browser lists an invalid language tag.
      return false
    }
  }
  return wanted.find(isKnown) ?? 'en'
}

export function createI18n(wanted: readonly string[]): I18n {
  const { language, locale } = localeOf(wanted)
  const column = LANGUAGES.indexOf(language)
  const plural = new Intl.PluralRules(locale)
  const date = new Intl.DateTimeFormat(dateLocaleOf(wanted), {
    year: 'numeric',
    // A word: 03/04 is in March or April, depending on the region.
    month: 'short',
    day: '2-digit',
    ...TIME,
  })
  const timeOfDay = new Intl.DateTimeFormat(dateLocaleOf(wanted), TIME)
  const minuteOfDay = new Intl.DateTimeFormat(dateLocaleOf(wanted), { hour: '2-digit', minute: '2-digit' })
  const dates = dateLocaleOf(wanted)
  const day = new Intl.DateTimeFormat(dates, { month: 'short', day: 'numeric' })
  const entryDay = new Intl.DateTimeFormat(dates, ENTRY)
  const entryHour = new Intl.DateTimeFormat(dates, { ...ENTRY, hour: '2-digit', minute: '2-digit' })
  const yearDay = new Intl.DateTimeFormat(dates, { ...ENTRY, year: 'numeric' })
  const weekday = new Intl.DateTimeFormat(dates, { weekday: 'short', timeZone: 'UTC' })
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 0 })
  // Most numbers are whole, and a formatter takes longer to make than a row.
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const number = (value: number, digits = 0) =>
    (digits === 0 ? whole : new Intl.NumberFormat(locale, { maximumFractionDigits: digits })).format(value)

  const text = (key: string): string | undefined => (isTranslationKey(key) ? TRANSLATIONS[key][column] : undefined)
  const t = (key: TranslationKey, fill: Readonly<Record<string, string>> = {}): string =>
    TRANSLATIONS[key][column === 1 ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? '')

  return {
    language,
    t,
    counted(key, count, fill = {}) {
      const form: string = `${key}.${plural.select(count)}`
      return t(isTranslationKey(form) ? form : `${key}.other`, { ...fill, count: number(count) })
    },
    value: (field, value) => (value === null || value === '' ? DASH : (text(`${field}.${value}`) ?? value)),
    number,
    compact: (value) => (value < 1000 ? String(value) : compact.format(value)),
    share: (ratio) =>
      ratio === null
        ? DASH
        : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(ratio),
    time: (iso) => (iso === null ? DASH : date.format(new Date(iso))),
    minuteOfDay: (iso) => minuteOfDay.format(new Date(iso)),
    timeOfDay: (iso) => timeOfDay.format(new Date(iso)),
    clock,
    day: (iso, hasYear) => (hasYear ? yearDay : entryDay).format(new Date(iso)),
    // A day begins with its name.
    tick: (at, hasHours) => (hasHours && !isMidnight(at) ? minuteOfDay : day).format(at),
    entry: (iso, hasHours) => (hasHours ? entryHour : entryDay).format(new Date(iso)),
    // 1970-01-05 was a Monday.
    weekday: (number) => weekday.format(Date.UTC(1970, 0, 4 + number)),
    milliseconds: (seconds) => unitText(seconds * 1000, { unit: 'millisecond', locale, digits: 1 }),
    span: (seconds) => (seconds === null ? DASH : span(seconds, locale)),
  }
}

const ENTRY = { weekday: 'short', month: 'short', day: 'numeric' } as const
const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const

function isMidnight(at: number): boolean {
  const date = new Date(at)
  return date.getHours() === 0 && date.getMinutes() === 0
}

function isTranslationKey(key: string): key is TranslationKey {
  return Object.hasOwn(TRANSLATIONS, key)
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

// The two largest units that are not 0; below ten seconds, seconds with one decimal.
function span(seconds: number, locale: string): string {
  if (seconds < 10) {
    return unitText(seconds, { unit: 'second', locale, digits: 1 })
  }
  const first = UNITS.findIndex(([, size]) => seconds >= size)
  const [unit, size] = UNITS[first] ?? UNITS[3]
  const next = UNITS[first + 1]
  const count = Math.floor(seconds / size)
  const rest = next === undefined ? 0 : Math.floor((seconds - count * size) / next[1])
  const text = unitText(count, { unit, locale })
  return next === undefined || rest === 0 ? text : `${text} ${unitText(rest, { unit: next[0], locale })}`
}

function unitText(value: number, options: { unit: string; locale: string; digits?: number }): string {
  const { unit, locale, digits: maximumFractionDigits = 0 } = options
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(
    value,
  )
}
