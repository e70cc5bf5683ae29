// The texts of what can be done to the PBX from the page, in each of its languages (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const CONTROL_TEXTS = {
  'control.callBack': ['Call back', 'Перезвонить'],
  'control.callBackTo': ['Call back {caller}', 'Перезвонить: {caller}'],
  'control.phone': ['Your phone', 'Ваш телефон'],
  'control.noPhone': ['No phone is registered.', 'Ни один телефон не зарегистрирован.'],
  'control.explain': [
    'Your phone rings first. When you pick it up, {caller} is called.',
    'Сначала зазвонит ваш телефон. Когда вы снимете трубку, начнётся звонок на {caller}.',
  ],
  'control.call': ['Call', 'Позвонить'],
  'control.called': ['Phone {phone} rings.', 'Звонит телефон {phone}.'],
  'control.hangUp': ['Hang up', 'Завершить'],
  'control.hangUpOf': ['Hang up the call of {caller} to {callee}', 'Завершить звонок: {caller} → {callee}'],
  'control.hangUpAsk': [
    'The call of {caller} to {callee} ends at once, for both.',
    'Звонок {caller} → {callee} завершится сразу для обоих.',
  ],
  'control.hungUp': ['The call was ended.', 'Звонок завершён.'],
  'control.cancel': ['Cancel', 'Отмена'],
  'column.control': ['Action', 'Действие'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
