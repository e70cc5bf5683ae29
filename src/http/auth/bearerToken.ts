// The file of the bearer token -> the token, or what is wrong with the file.
//
// Neither the token nor anything else of the file is ever in a problem. Source of the alphabet: RFC 6750, b64token.

export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: string }

const REMEDY = 'make one with `openssl rand -hex 32`'

/** Reads it; `readFile` throws when it cannot. White space around the token is left out. */
export function readBearerToken(path: string, readFile: (path: string) => string): TokenResult {
  const problem = (text: string): TokenResult => ({ ok: false, problem: text })
  let text: string
  try {
    text = readFile(path).trim()
  } catch {
    // The path is not repeated: it may be the token itself, given where its file belongs.
    return problem('names a file that cannot be read: check the path and who may read it')
  }
  if (text === '') {
    return problem(`names an empty file: ${REMEDY}`)
  }
  if (/\s/.test(text)) {
    return problem('names a file with white space inside the token: put nothing but the token into it')
  }
  if (!/^[\w.~+/-]+=*$/.test(text)) {
    return problem(`names a file whose token has characters that no header may carry: ${REMEDY}`)
  }
  if (text.length < 16) {
    return problem(`names a file whose token is shorter than 16 characters: ${REMEDY}`)
  }
  return { ok: true, token: text }
}
