// The texts of the places and of what is common to them.

export const PLACE_TEXTS = {
  places: ['Places', 'Разделы'],
  'place.now': ['Now', 'Сейчас'],
  'place.calls': ['Calls', 'Звонки'],
  'place.missed': ['Missed', 'Пропущено'],
  'place.queues': ['Queues', 'Очереди'],
  'place.people': ['People', 'Сотрудники'],
  'place.trunks': ['Trunks', 'Транки'],
  period: ['Period of the page', 'Период страницы'],
} as const
