// Which names may be part of a question: Asterisk substitutes variables and functions in the expression of a question.

const PLAIN = /^[\p{L}\p{N}_\-./@:+*#; ]{1,128}$/u

/** Whether the name of a queue or an interface means nothing but itself in an expression. */
export function isAskable(name: string): boolean {
  return PLAIN.test(name)
}
