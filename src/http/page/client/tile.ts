// A tile: a figure with a name and a note, which leads to what it counts.

import { el, write } from './dom.ts'
import type { Change, Navigation } from './navigation.ts'

export interface Tile {
  readonly element: HTMLElement
  /** What the colour says: nothing, a warning, or something bad. */
  show(value: string, note: string, level?: TileLevel): void
}

export type TileLevel = 'calm' | 'good' | 'soon' | 'late'

export interface TileOptions {
  readonly name: string
  readonly label: string
  /** Where it leads. */
  readonly change: Change
  readonly drawing?: Element
  /** What pointing at it tells. */
  readonly hint?: string
}

export function createTile({ name, label, change, drawing, hint }: TileOptions, navigation: Navigation): Tile {
  const value = el('span', { class: 'value' }, '–')
  const note = el('span', { class: 'note' })
  const link = navigation.link(
    change,
    { class: `now-tile tile-${name}`, title: hint },
    ...[el('span', { class: 'label' }, label), ' ', value, ' ', note, ...(drawing === undefined ? [] : [drawing])],
  )
  return {
    element: el('li', {}, link),
    show(nextValue, nextNote, level = 'calm') {
      write(value, nextValue)
      write(note, nextNote)
      link.dataset['level'] = level
    },
  }
}
