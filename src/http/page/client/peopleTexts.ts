// The texts of the place "People" in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const PEOPLE_TEXTS = {
  'people.title': ['People', 'Сотрудники'],
  'people.find': ['Phone, name or queue', 'Телефон, имя или очередь'],
  'people.order': ['Order', 'Порядок'],
  'people.order.state': ['free first', 'сначала свободные'],
  'people.order.name': ['by name', 'по имени'],
  'people.order.missed': ['most missed first', 'сначала кто больше пропустил'],
  'people.callsOf': ['Calls of {phone}', 'Звонки телефона {phone}'],
  'people.occupancy': ['busy {share}', 'занятость {share}'],
  'people.none': [
    'No phone is known yet. Phones appear here once Asterisk is connected, or with their first call.',
    'Пока не видно ни одного телефона. Они появятся, когда подключится Asterisk или поступит первый звонок.',
  ],
  'people.notFound': ['Nobody matches.', 'Никого не нашлось.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
