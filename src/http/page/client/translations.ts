// Every text of the page in each of its languages.
//
// No other file contains text, besides those whose names end in `Texts`. `{name}` is a placeholder. A key that ends in
// `.one`, `.few`, `.many` or `.other` is a plural form of the language.

import { CALL_TEXTS } from './callTexts.ts'
import { CHART_TEXTS } from './chartTexts.ts'
import { CONTROL_TEXTS } from './controlTexts.ts'
import { ENDPOINT_TEXTS } from './endpointTexts.ts'
import { NOW_TEXTS } from './nowTexts.ts'
import { PEOPLE_TEXTS } from './peopleTexts.ts'
import { PLACE_TEXTS } from './placeTexts.ts'
import { QUEUE_TEXTS } from './queueTexts.ts'
import { SEARCH_TEXTS } from './searchTexts.ts'
import { SITE_TEXTS } from './siteTexts.ts'
import { TRUNK_TEXTS } from './trunkTexts.ts'
import { VALUE_TEXTS } from './valueTexts.ts'
import { WALL_TEXTS } from './wallTexts.ts'

export const LANGUAGES = ['en', 'ru'] as const

export type Language = (typeof LANGUAGES)[number]

/** Key -> the text in the languages above, in their order. */
export const TRANSLATIONS = {
  ...PEOPLE_TEXTS,
  ...QUEUE_TEXTS,
  ...TRUNK_TEXTS,
  ...ENDPOINT_TEXTS,
  ...SITE_TEXTS,
  ...CONTROL_TEXTS,
  ...CHART_TEXTS,
  ...CALL_TEXTS,
  ...SEARCH_TEXTS,
  ...PLACE_TEXTS,
  ...NOW_TEXTS,
  ...WALL_TEXTS,
  skip: ['Skip to the content', 'Перейти к содержанию'],
  version: ['version {version}', 'версия {version}'],
  up: ['up {span}', 'работает {span}'],
  theme: ['Colours', 'Цвета'],
  'theme.auto': ['as the system', 'как в системе'],
  'theme.light': ['light', 'светлые'],
  'theme.dark': ['dark', 'тёмные'],

  csv: ['CSV', 'CSV'],

  'callers.title': ['Missed callers', 'Кому перезвонить'],
  'callers.oldest': ['longest wait', 'дольше всех ждёт'],
  'callers.queue': ['Queue', 'Очередь'],
  'callers.allQueues': ['all callers', 'все звонившие'],
  'callers.order': ['Order', 'Порядок'],
  'callers.order.longest': ['longest wait first', 'сначала кто дольше ждёт'],
  'callers.order.newest': ['newest first', 'сначала новые'],
  'callers.nobody': ['Nobody waits to be called back.', 'Никто не ждёт ответного звонка.'],
  'callers.count.one': ['{count} caller waits to be called back', '{count} человек ждёт ответного звонка'],
  'callers.count.few': ['{count} callers wait to be called back', '{count} человека ждут ответного звонка'],
  'callers.count.many': ['{count} callers wait to be called back', '{count} человек ждут ответного звонка'],
  'callers.count.other': ['{count} callers wait to be called back', '{count} человека ждут ответного звонка'],
  'callers.all': ['Show all {count}', 'Показать все: {count}'],
  'callers.more.one': [
    '{count} more caller waits; the CSV has them all.',
    'Ждёт ещё {count} человек; все они есть в CSV.',
  ],
  'callers.more.few': [
    '{count} more callers wait; the CSV has them all.',
    'Ждут ещё {count} человека; все они есть в CSV.',
  ],
  'callers.more.many': [
    '{count} more callers wait; the CSV has them all.',
    'Ждут ещё {count} человек; все они есть в CSV.',
  ],
  'callers.more.other': [
    '{count} more callers wait; the CSV has them all.',
    'Ждут ещё {count} человека; все они есть в CSV.',
  ],
  'callers.fewer': ['Show fewer', 'Показать меньше'],
  'callers.dial': ['Call {caller}', 'Позвонить: {caller}'],
  'callers.calls': ['Calls', 'Звонки'],
  'callers.callsOf': ['Calls from and to {caller}', 'Звонки с номера и на номер {caller}'],
  'callers.open': [
    'Details of the call that closed {caller}, {time}',
    'Подробности звонка, после которого {caller} больше не ждёт, {time}',
  ],
  'callers.closed': ['Closed today', 'Закрыто сегодня'],
  'callers.noneClosed': ['Nobody was called back today.', 'Сегодня никому не перезвонили.'],

  'agents.free': ['{free} free of {count}', 'свободно: {free} из {count}'],
  'agents.of': ['Agents of {queue}', 'Операторы очереди {queue}'],
  'agents.unknown': ['not known', 'неизвестно'],
  'agents.nobody': ['Nobody is logged in.', 'Никто не вошёл в очередь.'],
  'agents.unknownMembers': ['Not known yet who is logged in.', 'Пока неизвестно, кто вошёл в очередь.'],
  'agents.none': [
    'No queue was seen yet. Queues appear here as soon as somebody calls one.',
    'Очередей пока не видно. Они появятся здесь, как только кто-нибудь позвонит в очередь.',
  ],
  'agents.off': [
    'Asterisk is not asked who is in its queues: ARI_QUESTIONS_PER_SECOND is 0. Set it to 5 and start the exporter again.',
    'Asterisk не спрашивают, кто в очередях: ARI_QUESTIONS_PER_SECOND равно 0. Задайте 5 и перезапустите экспортёр.',
  ],
  'agents.call': ['call', 'звонок'],
  'agents.open': ['Details of the call of {agent}, {other}', 'Подробности звонка: {agent}, {other}'],
  'agents.occupancy': [
    'Busy: the share of today’s time, pauses left out, with ringing, calls and wrap-up.',
    'Занятость: доля времени за сегодня без пауз, занятая вызовами, разговорами и обработкой.',
  ],
  'agents.occupancySince': [
    'Busy: the share of the time since {time}, pauses left out, with ringing, calls and wrap-up.',
    'Занятость: доля времени с {time} без пауз, занятая вызовами, разговорами и обработкой.',
  ],

  'outcome.returned': ['called back', 'перезвонили'],
  'outcome.called_again': ['called again', 'дозвонился сам'],
  'outcome.expired': ['expired', 'срок истёк'],

  'column.agent': ['Agent', 'Оператор'],
  'column.about': ['With whom, or why', 'С кем или почему'],
  'column.occupancy': ['Busy', 'Занятость'],
  'column.waits': ['Waiting', 'Ждёт'],
  'column.called': ['Called', 'Куда звонил'],
  'column.attempts': ['Missed', 'Звонков'],
  'column.tries': ['Tried', 'Попыток'],
  'column.closed': ['Closed', 'Закрыто'],
  'column.outcome': ['How', 'Как'],
  'column.closedBy': ['By', 'Кем'],
  'column.after': ['After', 'Через'],
  'column.time': ['Start', 'Начало'],
  'column.caller': ['From', 'Кто'],
  'column.callee': ['To', 'Кому'],
  'column.direction': ['Direction', 'Направление'],
  'column.state': ['State', 'Состояние'],
  'column.result': ['Result', 'Итог'],
  'column.clock': ['Time', 'Время'],
  'column.duration': ['Talk', 'Разговор'],
  'column.partners': ['With', 'С кем'],
  'column.operator': ['Operator', 'Оператор'],
  'column.offered': ['Offered', 'Предложено'],
  'column.answered': ['Answered', 'Отвечено'],
  'column.missed': ['Missed', 'Пропущено'],
  'column.talk': ['Talk time', 'В разговоре'],
  'column.average': ['Average', 'В среднем'],

  'calls.search': ['Search number or name', 'Поиск по номеру или имени'],
  'calls.filters': ['Filters', 'Фильтры'],
  'calls.period': ['Period', 'Период'],
  'calls.direction': ['Direction', 'Направление'],
  'calls.disposition': ['Result', 'Итог'],
  'calls.queue': ['Queue', 'Очередь'],
  'calls.line': ['Line', 'Линия'],
  'calls.destination': ['Destination', 'Назначение'],
  'calls.country': ['Country', 'Страна'],
  'calls.missed': ['Missed only', 'Только пропущенные'],
  'calls.from': ['From', 'С'],
  'calls.to': ['To', 'По'],
  'calls.any': ['any', 'все'],
  'calls.more': ['Load more', 'Показать ещё'],
  'calls.empty': ['No calls yet.', 'Звонков пока нет.'],
  'calls.none': ['No call matches.', 'Подходящих звонков нет.'],
  'calls.loading': ['Loading…', 'Загрузка…'],
  'calls.open': [
    'Details of the call from {caller} to {callee}, {time}',
    'Подробности звонка: {caller} → {callee}, {time}',
  ],

  'period.all': ['all times', 'всё время'],
  'period.hour': ['last hour', 'последний час'],
  'period.today': ['today', 'сегодня'],
  'period.yesterday': ['yesterday', 'вчера'],
  'period.week': ['last 7 days', 'последние 7 дней'],
  'period.month': ['last 30 days', 'последние 30 дней'],
  'period.custom': ['from … to …', 'с … по …'],

  'operators.title': ['Operators', 'Операторы'],
  'operators.none': [
    'No phone was offered a call in this period.',
    'За это время ни одному телефону звонки не поступали.',
  ],

  'stats.title': ['Key figures', 'Ключевые показатели'],
  'stats.calls': ['Calls', 'Звонков'],
  'stats.answered': ['Answered', 'Отвечено'],
  'stats.missed': ['Missed', 'Пропущено'],
  'stats.average': ['Average talk', 'Средний разговор'],
  'stats.delay': ['Average answer', 'Среднее ожидание'],

  'call.title': ['Call {caller} → {callee}', 'Звонок {caller} → {callee}'],
  'call.close': ['Close', 'Закрыть'],
  'call.missing': ['There is no such call in the log.', 'Такого звонка в журнале нет.'],
  'call.timeline': ['Timeline', 'Ход звонка'],
  'call.legs': ['Offered to', 'Кому предлагался'],
  'call.noLegs': ['No phone was called.', 'Ни один телефон не вызывали.'],
  'call.unreached': ['No phone could be called for {target}.', 'Для {target} не удалось вызвать ни один телефон.'],
  'call.caller': ['Caller', 'Звонящий'],
  'call.start': ['Start', 'Начало'],
  'call.answer': ['Answer', 'Ответ'],
  'call.end': ['End', 'Конец'],
  'call.delay': ['Time to answer', 'До ответа'],
  'call.ring': ['Rang', 'Звонило'],
  'call.hold': ['On hold', 'На удержании'],
  'call.returned': ['Called back after', 'Перезвонили через'],
  'call.cause': ['Cause', 'Причина'],
  'call.hangup': ['Ended by', 'Завершил'],
  'call.answeredBy': ['Answered by', 'Ответил'],
  'call.wait': ['Wait in the queue', 'Ожидание в очереди'],
  'call.trunk': ['Trunk', 'Транк'],
  'call.transfers': ['Transfers', 'Переводов'],
  'call.merged': ['Merged into', 'Стал частью'],
  'call.dialed': ['Dialed', 'Набрано'],
  'call.voiceProblem': ['Voice during the call', 'Голос во время разговора'],
  'call.quality': ['Voice quality', 'Качество голоса'],
  'call.received': ['received', 'приём'],
  'call.sent': ['sent', 'передача'],
  'call.mos': ['MOS {value}', 'MOS {value}'],
  'call.loss': ['loss {value}', 'потери {value}'],
  'call.jitter': ['jitter {value}', 'джиттер {value}'],
  'call.roundTrip': ['round trip {value}', 'туда и обратно {value}'],
  'call.sip': ['SIP Call-ID', 'SIP Call-ID'],
  'call.recording': ['Recording', 'Запись'],
  'call.channel': ['Channel id', 'Id канала'],
  'phase.waiting': ['waiting', 'ожидание'],
  'phase.ringing': ['ringing', 'вызов'],
  'phase.talking': ['talking', 'разговор'],
  'timeline.leg': ['{endpoint}: dialed at {start}, {result}', '{endpoint}: вызов в {start}, {result}'],
  'timeline.call': ['The call: from {start} to {end}', 'Звонок: с {start} до {end}'],

  links: ['Links', 'Ссылки'],
  'link.metrics': ['Metrics', 'Метрики'],
  'link.health': ['Health', 'Работоспособность'],
  'link.ready': ['Readiness', 'Готовность'],
  'link.openapi': ['API (OpenAPI)', 'API (OpenAPI)'],

  'error.network': [
    'The server does not answer. Trying again at the next change.',
    'Сервер не отвечает. Повторим при следующем изменении.',
  ],
  'error.refused': ['The server refused the request: {reason}', 'Сервер отклонил запрос: {reason}'],

  ...VALUE_TEXTS,
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export type TranslationKey = keyof typeof TRANSLATIONS
