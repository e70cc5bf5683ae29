// The Erlang B formula: how many lines a traffic needs so that few calls find all of them busy.
//
// Source: ITU-T E.501 and E.520; B(n) = E·B(n−1) / (n + E·B(n−1)), B(0) = 1. Calls that find no line go away and do not come back.

/** The share of calls that find all `lines` busy, offered `erlangs`. */
export function blockedShare(erlangs: number, lines: number): number {
  let blocked = 1
  for (let line = 1; line <= lines; line += 1) {
    blocked = (erlangs * blocked) / (line + erlangs * blocked)
  }
  return blocked
}

/** The fewest lines of which at most `share` of the calls find all busy. */
export function linesNeeded(erlangs: number, share: number): number {
  let lines = 0
  for (let blocked = erlangs > 0 ? 1 : 0; blocked > share; ) {
    lines += 1
    blocked = (erlangs * blocked) / (lines + erlangs * blocked)
  }
  return lines
}
