// The texts of the head of the page, of its state, and of the place "Now", in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const NOW_TEXTS = {
  state: ['State of the connection', 'Состояние связи'],
  'state.since': ['since {time}', 'с {time}'],
  'connection.connecting': ['Connecting to this page’s server…', 'Подключение к серверу страницы…'],
  'connection.lost': [
    'Connection lost: what you see may be old. Trying again…',
    'Связь потеряна: данные могли устареть. Пробуем снова…',
  ],
  'pbx.connected': ['Connected to Asterisk', 'Asterisk на связи'],
  'pbx.connectedTo': ['Connected to Asterisk {version}', 'Asterisk {version} на связи'],
  'pbx.disconnected': ['Not connected to Asterisk', 'Нет связи с Asterisk'],
  counters: [
    'Calls ended {ended}, of them missed {missed}; in the log {rows}, not yet on disk {pending}',
    'Звонков завершено {ended}, из них пропущено {missed}; в журнале {rows}, ещё не на диске {pending}',
  ],

  tiles: ['Today and now', 'Сегодня и сейчас'],
  'tile.calls': ['Calls today', 'Звонков сегодня'],
  'tile.answered': ['Answered', 'Отвечено'],
  'tile.missed': ['Missed today', 'Пропущено сегодня'],
  'tile.callers': ['To call back', 'Перезвонить'],
  'tile.queued': ['Longest queue wait', 'Ожидание в очереди'],
  'tile.people': ['Agents free', 'Свободны операторы'],
  'tile.before': ['yesterday by now {value}', 'вчера было {value}'],
  'tile.same': ['Compared with yesterday by the same time', 'В сравнении со вчерашним днём к этому же часу'],
  'tile.trend.up': ['▲ {count} more than yesterday', '▲ на {count} больше, чем вчера'],
  'tile.trend.down': ['▼ {count} fewer than yesterday', '▼ на {count} меньше, чем вчера'],
  'tile.trend.same': ['as many as yesterday', 'столько же, сколько вчера'],
  'tile.longest': ['the first for {clock}', 'первый ждёт {clock}'],
  'tile.waiting': ['{count} waiting', 'ждут: {count}'],
  'tile.nobody': ['nobody waits', 'никто не ждёт'],
  'tile.busiest': ['Highest at {hour}: {value}', 'Больше всего в {hour}: {value}'],
  'tile.noHour': ['No value today yet', 'Сегодня ещё нет данных'],

  'live.title': ['Live calls', 'Текущие звонки'],
  'live.none': [
    'No call right now. The next one appears here by itself.',
    'Сейчас звонков нет. Следующий появится здесь сам.',
  ],
  'live.unknown': ['Not known: calls are not observed now.', 'Неизвестно: звонки сейчас не видны.'],
  'live.count.one': ['{count} live call', '{count} текущий звонок'],
  'live.count.few': ['{count} live calls', '{count} текущих звонка'],
  'live.count.many': ['{count} live calls', '{count} текущих звонков'],
  'live.count.other': ['{count} live calls', '{count} текущего звонка'],
  'live.more': ['and {count} more', 'и ещё {count}'],

  'waiting.queues': ['Waiting in queues', 'Ждут в очередях'],
  'waiting.noQueue': ['Nobody waits in a queue.', 'В очередях никто не ждёт.'],
  'waiting.callers': ['To call back', 'Кому перезвонить'],
  'waiting.all': ['All missed callers', 'Все пропущенные'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
