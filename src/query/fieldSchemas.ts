// The schemas of the fields of calls and legs, for the types of the API and its OpenAPI document.

import { z } from 'zod'
import type { ApiOf, Field, Fields, FieldType, Quality } from './fields.ts'

const NUMBER_OR_NULL = z.number().nullable()

const STREAM = z.strictObject({
  packets: NUMBER_OR_NULL,
  mos: NUMBER_OR_NULL,
  loss_ratio: NUMBER_OR_NULL,
  jitter_seconds: NUMBER_OR_NULL,
})

/** Voice quality. */
export const QUALITY_SCHEMA: z.ZodType<Quality> = z
  .strictObject({ rx: STREAM, tx: STREAM, round_trip_seconds: NUMBER_OR_NULL })
  .describe('`rx`: what Asterisk received; `tx`: what the phone says it received.')

const SCHEMAS: Readonly<Record<FieldType['kind'], (values: readonly string[]) => z.ZodType>> = {
  text: () => z.string(),
  names: () => z.array(z.string()),
  oneOf: (values) => z.enum(values),
  flag: () => z.boolean(),
  count: () => z.int().nonnegative(),
  integer: () => z.int(),
  seconds: () => z.number().nonnegative(),
  instant: () => z.iso.datetime(),
  quality: () => QUALITY_SCHEMA,
}

/** The schemas of the fields, for a zod object. */
export function schemasOf<F extends Fields<never>>(fields: F): { [Name in keyof F]: z.ZodType<ApiOf<F>[Name]> }
export function schemasOf(fields: Fields<never>): object {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]))
}

function schemaOf({ type, description }: Field<never, unknown>): z.ZodType {
  const { kind, values = [], isNullable } = type
  const schema = SCHEMAS[kind](values)
  const complete = isNullable ? schema.nullable() : schema
  const told = description ?? (kind === 'seconds' ? 'Seconds.' : undefined)
  return told === undefined ? complete : complete.describe(told)
}
