// The texts of the section of trunks in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const TRUNK_TEXTS = {
  'trunks.title': ['Trunks', 'Транки'],
  'trunks.offline': ['{count} offline', 'не в сети: {count}'],
  'trunks.none': [
    'No trunk is known. A trunk appears here when Asterisk has one, or with its first call.',
    'Транков пока не видно. Транк появится, когда он есть в Asterisk, или с первым звонком.',
  ],
  'trunks.callsOf': ['Calls on {trunk}', 'Звонки через {trunk}'],
  'trunk.online': ['up', 'в сети'],
  'trunk.offline': ['down', 'не в сети'],
  'trunks.used': ['Calls now: {count}', 'Звонков сейчас: {count}'],
  'trunks.usedOf': ['Channels in use: {count} of {channels}', 'Занято каналов: {count} из {channels}'],
  'trunks.attempts': ['Calls out today', 'Исходящих сегодня'],
  'trunks.answered': ['Answered', 'Отвечено'],
  'trunks.share': ['ASR', 'Доля ответов, ASR'],
  'trunks.fault': ['Last fault {time}: {what}', 'Последний сбой в {time}: {what}'],
  'trunks.noFault': ['No fault today.', 'Сегодня без сбоев.'],
  'trunks.noHour': ['No call in the last 30 days.', 'За последние 30 дней звонков не было.'],
  'trunks.hourIs': [
    'Busiest hour: {time}, calls: {calls}, erlangs: {erlangs}, lines needed: {lines}',
    'Час пик: {time}, звонков: {calls}, эрлангов: {erlangs}, нужно линий: {lines}',
  ],
  'trunks.formula': [
    'Lines needed: the fewest n of which at most {share} of the calls find all busy, by Erlang B: B(0) = 1, B(n) = E·B(n−1) / (n + E·B(n−1)). E: for how many hours calls occupied the trunk in its busiest hour, ringing included. Calls that found it full are not in it: a trunk that was full needs more. ASR: the share of the calls out that were answered.',
    'Нужно линий: наименьшее n, при котором не больше {share} звонков застают все занятыми, по формуле Эрланга B: B(0) = 1, B(n) = E·B(n−1) / (n + E·B(n−1)). E: сколько часов звонки занимали транк в час пик, вместе с дозвоном. Звонков, которым не хватило места, в нём нет: если транк был полон, нужно больше. ASR: доля исходящих звонков, на которые ответили.',
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
