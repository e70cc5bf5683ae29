// Grafana's named colours, and whether two of them can be told apart on one panel.
//
// Values of the dark theme. Source: @grafana/data, createVisualizationColors.

const SHADES = ['dark-', 'semi-dark-', '', 'light-', 'super-light-'] as const
const HUES: Readonly<Record<string, readonly string[]>> = {
  red: ['#C4162A', '#E02F44', '#F2495C', '#FF7383', '#FFA6B0'],
  orange: ['#FA6400', '#FF780A', '#FF9830', '#FFB357', '#FFCB7D'],
  yellow: ['#E0B400', '#F2CC0C', '#FADE2A', '#FFEE52', '#FFF899'],
  green: ['#37872D', '#56A64B', '#73BF69', '#96D98D', '#C8F2C2'],
  blue: ['#1F60C4', '#3274D9', '#5794F2', '#8AB8FF', '#C0D8FF'],
  purple: ['#8F3BB8', '#A352CC', '#B877D9', '#CA95E5', '#DEB6F2'],
}
const NAMED = new Map([
  ['text', '#CCCCDC'],
  ...Object.entries(HUES).flatMap(([hue, values]) =>
    values.map((value, index): [string, string] => [`${SHADES[index]}${hue}`, value]),
  ),
])

/** The value of one of Grafana's named colours, as `#RRGGBB`; of any other text, itself. */
export function hexOf(name: string): string {
  return NAMED.get(name) ?? name
}

/** Distance in CIELAB below which thin lines and narrow bars look alike: that of yellow and dark-yellow. */
const LEAST = 17.5

/** Whether two colours, by Grafana's names or as `#rrggbb`, differ enough. Throws for an unknown name. */
export function areDistinct(one: string, other: string): boolean {
  const [a, b] = [lab(one), lab(other)]
  return Math.hypot(a.l - b.l, a.a - b.a, a.b - b.b) >= LEAST
}

// CIE 1976, white point D65.
function lab(color: string) {
  const value = color.startsWith('#') ? color : NAMED.get(color)
  if (value === undefined) {
    throw new Error(`no colour ${color}`)
  }
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(value.slice(at, at + 2), 16) / 255))
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
  return { l: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) }
}

function linear(value: number): number {
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92
}

function root(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116
}
