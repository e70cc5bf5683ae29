// The width of a text in Grafana's font (Inter), for the linter: close enough to say whether a heading has room.

/** Widths of characters as shares of the font's size, by groups; others are as wide as `OTHER`. */
const WIDTHS: readonly (readonly [characters: string, width: number])[] = [
  [" .,:;'|", 0.28],
  ['ijlI()/', 0.29],
  ['frt-–', 0.39],
  ['mwMW%@', 0.88],
  ['acekszvxyJ?', 0.56],
  ['ABCDEFGHKLNOPQRSTUVXYZ', 0.69],
]
const OTHER = 0.61

/** Pixels of a text on one line. */
export function textWidth(text: string, fontPixels: number): number {
  const ofCharacter = (character: string): number =>
    WIDTHS.find(([characters]) => characters.includes(character))?.[1] ?? OTHER
  return fontPixels * [...text].reduce((sum, character) => sum + ofCharacter(character), 0)
}
