// What kind of destination a dialed number is, and in which country: what the call costs, and whether it is an emergency.
//
// The metadata of libphonenumber-js with the types of numbers is loaded with the first number that needs it (typedMetadata.ts).
// README.md says which class a number has.

import {
  type CountryCode,
  Metadata,
  type MetadataJson,
  type PhoneNumber,
  type PhoneNumberType,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core'
import type { Destination, DestinationClass, DestinationOf } from '../call/event.ts'
import { emergencyNumbersOf } from './emergencyNumbers.ts'
import { isCountry, isNumber, remembering } from './phoneNumber.ts'
import { loadTypedMetadata } from './typedMetadata.ts'

/** Numbers whose destinations are remembered: some hundred KB. */
const MOST_REMEMBERED = 2_000

/** Shorter than any subscriber's number with its area code. */
const LONGEST_SHORT_CODE = 6

/** Fewer digits after the calling code reach nobody. */
const LEAST_DIGITS_ABROAD = 4

/** Calling codes that belong to no country. */
const CLASS_OF_CALLING_CODE: ReadonlyMap<string, DestinationClass> = new Map<string, DestinationClass>([
  ['870', 'satellite'],
  ['881', 'satellite'],
  ['882', 'satellite'],
  ['883', 'satellite'],
  ['979', 'premium'],
  ['800', 'special'],
  ['808', 'special'],
  ['878', 'special'],
  ['888', 'special'],
])

/** Calling codes of several countries that are abroad to each other; elsewhere they are parts of one country. */
const SHARED_CALLING_CODES: ReadonlySet<string> = new Set(['1', '7'])

const INTERNATIONAL_PREFIX = '00'

const UNKNOWN = destination('unknown')

/** A number that was understood; `isValid`: its country has such numbers. */
interface Understood {
  readonly destination: Destination
  readonly isValid: boolean
}

/** The numbering plan of the PBX's own country. */
interface Home {
  readonly country: CountryCode
  readonly callingCode: string
  readonly internationalPrefix: RegExp
}

/** The destination of a number that was dialed on a trunk of this country (ISO 3166); null: the country is not known. */
export function destinationOf(country: string | null): DestinationOf {
  const emergencyNumbers = emergencyNumbersOf(country)
  const plan = lazily(() => createPlan(country))
  return remembering((text) => {
    if (!isNumber(text)) {
      return UNKNOWN
    }
    const digits = text.replace(/\D/g, '')
    return emergencyNumbers.has(digits) ? destination('emergency') : plan()(digits, text.trimStart().startsWith('+'))
  }, MOST_REMEMBERED)
}

function lazily<T>(create: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: create() }
    return made.value
  }
}

function createPlan(country: string | null): (digits: string, isInternational: boolean) => Destination {
  const metadata = loadTypedMetadata()
  const home = homeOf(country, metadata)
  return (digits, isInternational) => {
    if (isInternational) {
      return international(digits, home, metadata)?.destination ?? UNKNOWN
    }
    const abroad = withoutPrefix(digits, home).map((rest) => international(rest, home, metadata))
    return (
      abroad.find((found) => found?.isValid)?.destination ??
      (home === null ? undefined : national(digits, home, metadata)) ??
      abroad.find((found) => found !== null)?.destination ??
      (home !== null && digits.length <= LONGEST_SHORT_CODE ? destination('special') : UNKNOWN)
    )
  }
}

function homeOf(country: string | null, json: MetadataJson): Home | null {
  if (country === null || !isCountry(country)) {
    return null
  }
  const metadata = new Metadata(json)
  metadata.selectNumberingPlan(country)
  return {
    country,
    callingCode: callingCodesOf(json).get(country) ?? '',
    internationalPrefix: new RegExp(`^(?:${metadata.numberingPlan?.IDDPrefix() ?? INTERNATIONAL_PREFIX})(?=[1-9])`),
  }
}

function callingCodesOf({ country_calling_codes }: MetadataJson): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(country_calling_codes).flatMap(([code, countries]) => countries.map((country) => [country, code])),
  )
}

// What follows the international prefix of the country, or 00, which many trunks accept everywhere.
function withoutPrefix(digits: string, home: Home | null): readonly string[] {
  const own = home?.internationalPrefix.exec(digits)?.[0]
  const prefixes = new Set([own, digits.startsWith(INTERNATIONAL_PREFIX) ? INTERNATIONAL_PREFIX : undefined])
  return [...prefixes].flatMap((prefix) => (prefix === undefined ? [] : [digits.slice(prefix.length)]))
}

/** As it is dialed inside the country, or with a calling code whose sign or prefix the trunk leaves out. */
function national(digits: string, home: Home, metadata: MetadataJson): Destination | undefined {
  const number = parsed(digits, home, metadata)
  const type = number?.countryCallingCode === home.callingCode ? number.getType() : undefined
  if (number !== undefined && type !== undefined) {
    return ofOwnPlan(number, type, home)
  }
  const alone = international(digits, home, metadata)
  return alone?.isValid === true ? alone.destination : undefined
}

/** Digits that begin with a calling code; null if they do not, or are too few. */
function international(digits: string, home: Home | null, metadata: MetadataJson): Understood | null {
  const code = callingCodeOf(digits, metadata)
  if (code === undefined || digits.length - code.length < LEAST_DIGITS_ABROAD) {
    return null
  }
  const number = parsed(`+${digits}`, home, metadata)
  const type = number?.getType()
  const common = CLASS_OF_CALLING_CODE.get(code)
  if (common !== undefined) {
    return { destination: destination(common), isValid: type !== undefined }
  }
  if (number !== undefined && type !== undefined) {
    const isOwn = code === home?.callingCode
    return { destination: isOwn ? ofOwnPlan(number, type, home) : ofOtherPlan(number, type), isValid: true }
  }
  // Calls to numbers that nobody was given cost money too.
  const main = metadata.country_calling_codes[code]?.[0]
  return code === home?.callingCode ? null : { destination: destination('international', main), isValid: false }
}

// No calling code is the beginning of another.
function callingCodeOf(digits: string, { country_calling_codes, nonGeographic }: MetadataJson): string | undefined {
  return [1, 2, 3]
    .map((length) => digits.slice(0, length))
    .find((code) => Object.hasOwn(country_calling_codes, code) || Object.hasOwn(nonGeographic, code))
}

function parsed(text: string, home: Home | null, metadata: MetadataJson): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, { ...(home && { defaultCountry: home.country }), extract: false }, metadata)
}

function ofOwnPlan({ country }: PhoneNumber, type: PhoneNumberType, home: Home): Destination {
  const own = classInside(type)
  const isPlace = own === 'national' || own === 'mobile'
  return isPlace && SHARED_CALLING_CODES.has(home.callingCode) && country !== undefined && country !== home.country
    ? destination('international', country)
    : destination(own)
}

function ofOtherPlan({ country }: PhoneNumber, type: PhoneNumberType): Destination {
  return type === 'PREMIUM_RATE' ? destination('premium') : destination('international', country)
}

function classInside(type: PhoneNumberType): DestinationClass {
  switch (type) {
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
    case 'VOIP': {
      return 'national'
    }
    case 'MOBILE': {
      return 'mobile'
    }
    case 'PREMIUM_RATE': {
      return 'premium'
    }
    case 'TOLL_FREE':
    case 'SHARED_COST':
    case 'UAN':
    case 'PERSONAL_NUMBER':
    case 'PAGER':
    case 'VOICEMAIL': {
      return 'special'
    }
  }
}

function destination(kind: DestinationClass, country = ''): Destination {
  return { class: kind, country }
}
