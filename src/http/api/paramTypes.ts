// The types of query parameters: how each is written, what is said of one that is wrong, and its schema in the OpenAPI document.

import { z } from 'zod'
import { isTimeZone } from '../../query/zonedTime.ts'

const INSTANT = 'an instant such as 2026-11-23T07:08:26Z or 2026-11-23T09:08+02:00, or a day in UTC such as 2026-11-23'

/** An instant, as epoch ms. In a query, a `+` that is not encoded stands for a space. */
export const instant = (meaning: string) =>
  z
    .preprocess(
      (text) => (typeof text === 'string' ? text.replace(/ (?=\d\d:\d\d$)/, '+') : text),
      z.union(
        [z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 }), z.iso.date()],
        INSTANT,
      ),
    )
    .transform((text) => Date.parse(text))
    .meta({
      description: `${meaning} An offset is accepted, and a day in UTC.`,
      schema: { type: 'string', format: 'date-time' },
    })

/** A whole number. */
export const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`)

/** Seconds, to the millisecond. */
export const seconds = (meaning: string) =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,3})?$/, 'seconds, such as 90')
    .transform(Number)
    .meta({ description: meaning, schema: { type: 'number', minimum: 0 } })

const TIME_ZONE = 'the name of a time zone, such as Europe/Helsinki'

/** A time zone, by its IANA name. */
export const timeZone = (meaning: string) =>
  z
    .string()
    .max(64, TIME_ZONE)
    .refine(isTimeZone, TIME_ZONE)
    .meta({ description: meaning, schema: { type: 'string', maxLength: 64, default: 'UTC' } })

/** A number or a name, whole. */
export const name = (expected: string, meaning: string, most = 128) =>
  z
    .string()
    .min(1, expected)
    .max(most, `${expected} of at most ${most} characters`)
    .meta({ description: meaning, schema: { type: 'string', minLength: 1, maxLength: most } })

/** A part of a number or of a name. */
export const textPart = (meaning: string) =>
  z
    .string()
    .trim()
    .min(1, 'a number or a part of a name')
    .max(64, 'a number or a part of a name, at most 64 characters')
    .meta({ description: meaning, schema: { type: 'string', minLength: 1, maxLength: 64 } })

/** One or more of these values, with commas between. */
export const listOf = <T extends string>(values: readonly T[], meaning: string) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values, `one or more of: ${values.join(', ')}`)))
    .meta({ description: meaning, schema: { type: 'array', items: { type: 'string', enum: [...values] } } })
