// The texts of the wall in each language of the page (translations.ts).

/** Key -> the text in the languages of the page, in their order. */
export const WALL_TEXTS = {
  wall: ['Wall', 'Табло'],
  'wall.hint': [
    'For a screen on the wall: one place after the other. Escape leads back.',
    'Для экрана на стене: разделы сменяют друг друга. Выход: Escape.',
  ],
  'wall.allowSound': ['Click once to allow sound', 'Щёлкните, чтобы включить звук'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
