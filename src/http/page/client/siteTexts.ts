// The texts of a fleet in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const SITE_TEXTS = {
  'fleet.none': ['No node is set: FLEET_NODES is empty', 'Узлы не заданы: FLEET_NODES пуст'],
  'fleet.connected': ['Sites connected: {connected} of {count}', 'Площадки на связи: {connected} из {count}'],
  'fleet.unreachable': ['Exporter not reachable: {sites}.', 'Экспортёр недоступен: {sites}.'],
  'fleet.pbx_down': ['Not connected to Asterisk: {sites}.', 'Нет связи с Asterisk: {sites}.'],
  'fleet.connecting': ['Connecting: {sites}.', 'Подключение: {sites}.'],
  'fleet.noCall': [
    'No call right now at the sites that are connected.',
    'На площадках, что на связи, звонков сейчас нет.',
  ],
  'fleet.siteOff': ['Not known: the site is not connected.', 'Неизвестно: площадка не на связи.'],
  'fleet.more': ['{count} more', 'ещё {count}'],

  'sites.title': ['Sites', 'Площадки'],
  'sites.show': ['Site', 'Площадка'],
  'sites.all': ['all', 'все'],
  'sites.connected': ['connected', 'на связи'],
  'sites.pbx_down': ['PBX down', 'АТС не на связи'],
  'sites.unreachable': ['not reachable', 'недоступна'],
  'sites.connecting': ['connecting', 'подключение'],
  'sites.logged': ['no node known', 'узел неизвестен'],
  'sites.ago': ['{span} ago', '{span} назад'],
  'sites.unknown': ['not known', 'неизвестно'],

  'column.site': ['Site', 'Площадка'],
  'column.since': ['For', 'Как долго'],
  'column.live': ['Calls', 'Звонков'],
  'column.lastCall': ['Last call', 'Последний звонок'],
  'column.asterisk': ['Version', 'Версия'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
