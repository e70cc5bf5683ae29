// The texts of the section of endpoints and of the reasons for their roles, in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const ENDPOINT_TEXTS = {
  'endpoints.title': ['Trunks and phones: roles', 'Транки и телефоны: роли'],
  'endpoints.count': [
    'trunks: {trunks}, phones: {phones}, doubtful: {doubtful}, offline: {offline}',
    'транков: {trunks}, телефонов: {phones}, под вопросом: {doubtful}, не в сети: {offline}',
  ],
  'endpoints.hint': [
    'Directions and missed calls depend on these roles. If one is wrong, press the button in its row: the page then shows what to set.',
    'От ролей зависят направления и пропущенные звонки. Если роль неверна, нажмите кнопку в её строке: страница покажет, что задать.',
  ],
  'endpoints.setting': [
    'TRUNKS decides: what matches it is a trunk, all else is a phone. If a role is wrong, change TRUNKS and start the exporter again.',
    'Решает TRUNKS: что ему подходит, то транк, остальное — телефоны. Если роль неверна, измените TRUNKS и перезапустите экспортёр.',
  ],
  'endpoints.correction': [
    'To correct that, give the exporter this setting and start it again; calls keep the roles that they began with:',
    'Чтобы исправить, задайте экспортёру эту настройку и перезапустите его; у прежних звонков роли останутся:',
  ],
  'endpoints.noTrunk': [
    'No endpoint is a trunk, so every call counts as internal. If one of them is a trunk, find it and press the button in its row.',
    'Транков нет, поэтому все звонки считаются внутренними. Если среди устройств есть транк, найдите его и нажмите кнопку в его строке.',
  ],
  'endpoints.name': ['Name', 'Имя'],
  'endpoints.role': ['Role', 'Роль'],
  'endpoints.why': ['Why', 'Почему'],
  'endpoints.wrong': ['If that is wrong', 'Если неверно'],
  'endpoints.doubtful': ['doubtful', 'под вопросом'],
  'endpoints.isTrunk': ['it is a trunk', 'это транк'],
  'endpoints.isPhone': ['it is a phone', 'это телефон'],
  'endpoints.show': ['Show', 'Показать'],
  'endpoints.view.notable': ['trunks and doubtful ones', 'транки и под вопросом'],
  'endpoints.view.doubtful': ['doubtful ones', 'под вопросом'],
  'endpoints.view.phones': ['phones', 'телефоны'],
  'endpoints.view.offline': ['offline', 'не в сети'],
  'endpoints.view.all': ['all', 'все'],
  'endpoints.find': ['Find a name among all', 'Найти имя среди всех'],
  'endpoints.none': ['No endpoint matches.', 'Подходящих устройств нет.'],
  'endpoints.shown': ['{shown} of {count} shown', 'Показано {shown} из {count}'],
  'endpoints.more': ['Show {count} more', 'Показать ещё {count}'],
  'endpoints.bySetting': ['TRUNKS says so', 'так задано в TRUNKS'],
  'endpoints.byName': [
    'only its name: its configuration is not known, or not yet',
    'только по имени: его настройки (пока) неизвестны',
  ],
  'endpoints.nameDecides': [
    'The signs are even, so the name decides. {reasons}',
    'Признаков поровну, решает имя. {reasons}',
  ],
  'endpoints.both': ['For a trunk: {trunk}. For a phone: {phone}.', 'За транк: {trunk}. За телефон: {phone}.'],
  'registrations.running': [
    'Asterisk runs res_prometheus: Prometheus can scrape whether trunks are registered (prometheus/README.md, “Registrations”).',
    'В Asterisk работает res_prometheus: Prometheus может узнавать, зарегистрированы ли транки (prometheus/README.md, «Registrations»).',
  ],
  'registrations.missing': [
    'Whether trunks are registered is not known: Asterisk does not run res_prometheus. Load that module and let Prometheus scrape it (prometheus/README.md, “Registrations”).',
    'Зарегистрированы ли транки, неизвестно: в Asterisk не работает res_prometheus. Загрузите этот модуль и добавьте его в Prometheus (prometheus/README.md, «Registrations»).',
  ],

  'role.trunk': ['trunk', 'транк'],
  'role.phone': ['phone', 'телефон'],

  'reason.logs_in': [
    'the PBX logs in there and asks for no password',
    'АТС входит туда с паролем и сама его не спрашивает',
  ],
  'reason.two_accounts': ['each side logs in with an account of its own', 'у каждой стороны своя учётная запись'],
  'reason.registers_out': ['the PBX registers there', 'АТС там регистрируется'],
  'reason.by_address': ['it is recognised by its address, without a password', 'его узнают по адресу, без пароля'],
  'reason.sender': ['calls to it show a user or domain of their own', 'в звонках на него свой пользователь или домен'],
  'reason.never_dialed': [
    'it has no address and asks for no password: calls only come in',
    'адреса нет и пароль не спрашивается: звонки только входящие',
  ],
  'reason.trunk_context': [
    'its calls enter the dialplan where those of trunks do',
    'его звонки попадают в план набора там же, где звонки транков',
  ],
  'reason.own_context': [
    'its calls enter the dialplan where those of no phone do',
    'его звонки попадают в план набора там, где нет звонков телефонов',
  ],
  'reason.fixed_contact': ['it is called at a fixed address', 'ему звонят на постоянный адрес'],
  'reason.bare_contact': ['that address names no user', 'в этом адресе нет пользователя'],
  'reason.identified': ['it is also recognised by its address', 'его узнают и по адресу'],
  'reason.webrtc': ['it speaks WebRTC', 'работает по WebRTC'],
  'reason.queue_member': ['it is a member of a queue', 'состоит в очереди'],
  'reason.own_number': ['its caller id is its own name', 'его номер совпадает с именем'],
  'reason.phone_context': [
    'its calls enter the dialplan where those of phones do',
    'его звонки попадают в план набора там же, где звонки телефонов',
  ],
  'reason.registers': ['it registers with a password', 'регистрируется с паролем'],
  'reason.mailbox': ['it has a mailbox', 'есть голосовая почта'],
  'reason.registers_openly': ['it registers', 'регистрируется'],
  'reason.caller_id': ['it has a caller id', 'задан номер звонящего'],
  'reason.group': ['it belongs to a call or pickup group', 'входит в группу вызова или перехвата'],
  'reason.busy_limit': ['it is busy from a certain number of calls on', 'занято с определённого числа звонков'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
