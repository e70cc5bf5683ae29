// The icon of the tab as SVG, and the badge on it. No I/O.

const HANDSET = 'M10 5h5l3 8-4 3a18 18 0 0 0 10 10l3-4 8 3v5a4 4 0 0 1-4 4A26 26 0 0 1 6 9a4 4 0 0 1 4-4'
const MOST = 99

/** What the badge says: nothing, a number, or that not all is observed. */
export function badgeOf(waiting: number | null, hasTrouble: boolean): string {
  if (hasTrouble) {
    return '!'
  }
  return waiting === null || waiting === 0 ? '' : waiting > MOST ? `${MOST}+` : String(waiting)
}

/** The icon as SVG; the text of the badge is digits or `!`. */
export function iconSvg(badge: string): string {
  const mark =
    badge === ''
      ? ''
      : `<rect x="${badge.length > 2 ? 12 : 18}" y="0" width="${badge.length > 2 ? 28 : 22}" height="22" rx="11" fill="#c4162a"/>` +
        `<text x="${badge.length > 2 ? 26 : 29}" y="17" font-family="sans-serif" font-weight="700" font-size="${badge.length > 2 ? 15 : 18}" text-anchor="middle" fill="#fff">${badge}</text>`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" fill="#0757b8"/>` +
    `<path d="${HANDSET}" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round"/>${mark}</svg>`
  )
}
