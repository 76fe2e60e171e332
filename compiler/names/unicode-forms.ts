// Names that look the same and are not: `é` as one letter (NFC), or as `e` and an accent (NFD), as macOS and
// archives made there have it.

/**
 * What to do about the two where they differ in this alone, for the help of a diagnostic; `undefined` where
 * they differ in more.
 */
export function sameLookingHelp(first: string, second: string): string | undefined {
  const composed = first.normalize('NFC')
  if (first === second || composed !== second.normalize('NFC')) return undefined
  const form = (name: string): string =>
    name === composed ? 'as whole letters (NFC)' : 'as letters and marks (NFD)'
  return `\`${first}\` and \`${second}\` look the same, and one is written ${form(first)}, the other ${form(second)}: write both as whole letters, as \`convmv -f utf8 -t utf8 --nfc -r --notest FOLDER\` does for folders`
}
