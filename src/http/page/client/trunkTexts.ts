// The texts of the section of trunks in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const TRUNK_TEXTS = {
  'trunks.title': ['Trunks', 'Транки'],
  'trunks.trunk': ['Trunk', 'Транк'],
  'trunks.channels': ['Channels', 'Каналов'],
  'trunks.hour': ['Busiest hour', 'Час пик'],
  'trunks.seizures': ['Calls in it', 'Звонков за час'],
  'trunks.erlangs': ['Erlangs (E)', 'Эрланги (E)'],
  'trunks.lines': ['Lines needed (n)', 'Нужно линий (n)'],
  'trunks.formula': [
    'Lines needed: the fewest n of which at most {share} of the calls find all busy, by Erlang B: B(0) = 1, B(n) = E·B(n−1) / (n + E·B(n−1)). E: for how many hours calls occupied the trunk in its busiest hour, ringing included. Calls that found it full are not in it: a trunk that was full needs more.',
    'Нужно линий: наименьшее n, при котором не больше {share} звонков застают все занятыми, по формуле Эрланга B: B(0) = 1, B(n) = E·B(n−1) / (n + E·B(n−1)). E: сколько часов звонки занимали транк в час пик, вместе с дозвоном. Звонков, которым не хватило места, в нём нет: если транк был полон, нужно больше.',
  ],
  'trunks.since': ['The busiest hour since {time}.', 'Час пик с {time}.'],
  'trunks.notSeen': [
    'TRUNK_CHANNELS names {trunk}, of which there is neither an endpoint nor a call: check the spelling.',
    'В TRUNK_CHANNELS есть {trunk}, но нет ни такого устройства, ни звонков: проверьте имя.',
  ],
  'trunks.phone': [
    'TRUNK_CHANNELS names {trunk}, which counts as a phone: add it to TRUNKS if it is a trunk.',
    'В TRUNK_CHANNELS есть {trunk}, но это телефон: если это транк, добавьте его в TRUNKS.',
  ],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
