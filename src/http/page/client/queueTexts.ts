// The texts of the place "Queues" in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const QUEUE_TEXTS = {
  'queues.title': ['Queues', 'Очереди'],
  'queues.summary': ['{waiting} waiting', 'в ожидании: {waiting}'],
  'queues.waiting': ['waiting', 'в ожидании'],
  'queues.longest': ['longest', 'дольше всех'],
  'queues.nobody': ['Nobody is waiting.', 'Никто не ждёт.'],
  'queues.unknown': ['Who is waiting is not known.', 'Неизвестно, кто ждёт.'],
  'queues.more': ['and {count} more', 'и ещё {count}'],
  'queues.unstaffed': ['Nobody is there to answer.', 'Отвечать некому.'],
  'queues.offered': ['Offered', 'Поступило'],
  'queues.answered': ['Answered', 'Отвечено'],
  'queues.left': ['Left', 'Не дождались'],
  'queues.exited': ['Sent on', 'Ушли дальше'],
  'queues.average': ['Average wait', 'Ждали в среднем'],
  'queues.level': ['Service level', 'Уровень сервиса'],
  'queues.levelIs': [
    'Service level: the share of the offered calls that were answered after at most {within} in the queue. Left: the caller hung up while waiting. Sent on: the time ran out, nobody was there, or the caller chose another way.',
    'Уровень сервиса: доля поступивших звонков, на которые ответили, пока звонящий ждал не дольше {within}. Не дождались: звонящий положил трубку. Ушли дальше: истекло время, никого не было или звонящий выбрал другой путь.',
  ],
  'queues.calls': ['Calls', 'Звонки'],
  'queues.callsOf': ['Calls of {queue}', 'Звонки очереди {queue}'],
  'queues.find': ['Find a queue', 'Найти очередь'],
  'queues.notFound': ['No queue matches.', 'Таких очередей нет.'],
  'queues.order': ['Order', 'Порядок'],
  'queues.order.name': ['by name', 'по имени'],
  'queues.order.wait': ['longest wait first', 'сначала кто дольше ждёт'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
