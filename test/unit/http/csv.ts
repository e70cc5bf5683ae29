// A strict CSV parser (RFC 4180), independent of the code that writes CSV.

/** The rows; throws for text that the RFC does not allow. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const quoted = text[at] === '"'
    const field = quoted ? /"((?:[^"]|"")*)"/y : /([^",\r\n]*)/y
    field.lastIndex = at
    const match = field.exec(text)
    if (match === null) {
      throw new Error(`no field at ${at}`)
    }
    row.push((match[1] ?? '').replaceAll('""', '"'))
    at += match[0].length
    if (text.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else if (text[at] === ',') {
      at += 1
    } else {
      throw new Error(`neither a comma nor an end of line at ${at}: ${text.slice(at, at + 20)}`)
    }
  }
  return rows
}
