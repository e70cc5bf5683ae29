// The texts of the charts, in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const CHART_TEXTS = {
  'charts.more': ['More charts', 'Ещё графики'],
  'charts.hint': [
    'Drag over the bars to choose a period for the whole page.',
    'Проведите по столбцам, чтобы выбрать период для всей страницы.',
  ],
  'charts.reset': ['Show today again', 'Снова показать сегодня'],
  'charts.hour': ['Calls an hour', 'Звонки по часам'],
  'charts.day': ['Calls a day', 'Звонки по дням'],
  'charts.week': ['Calls by weekday and hour', 'Звонки по дням недели и часам'],
  'charts.waiting': ['How long callers waited', 'Сколько ждали звонившие'],
  'charts.waitingHint': [
    'Until the answer; of calls that nobody answered, in a queue.',
    'До ответа; для неотвеченных — в очереди.',
  ],
  'charts.table': ['The bars as a table', 'Столбцы таблицей'],
  'charts.failed': ['The chart could not be loaded.', 'График не удалось загрузить.'],
  'charts.read': [
    '{time}: {calls}; answered {answered}, missed {missed}, other {other}',
    '{time}: {calls}; отвечено {answered}, пропущено {missed}, прочее {other}',
  ],
  'charts.other': ['Other', 'Прочее'],
  'charts.calls': ['Calls', 'Звонков'],
  'charts.weekday': ['Weekday', 'День'],
  'charts.wait': ['Waited', 'Ждали'],
  'charts.from': ['{from} s or longer', 'от {from} с'],
  'charts.between': ['{from} to {to} s', 'от {from} до {to} с'],
  'charts.calls.one': ['{count} call', '{count} звонок'],
  'charts.calls.few': ['{count} calls', '{count} звонка'],
  'charts.calls.many': ['{count} calls', '{count} звонков'],
  'charts.calls.other': ['{count} calls', '{count} звонка'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
