// Texts of users (names of classes, paths, titles, messages) as they may stand in a line that people read:
// whatever is not seen, and would move a cursor, turn the line round or hide in it, is written as the escape
// that JSON has for it.

/** A joiner that a script needs, as between letters of Arabic and Devanagari or the parts of an emoji. */
const joiner =
  /(?<=[^\p{ASCII}\p{Script=Latin}\p{C}\p{Z}])[\u200c\u200d](?=[^\p{ASCII}\p{Script=Latin}\p{C}\p{Z}])/u

/**
 * Controls (C0, C1, DEL), formats (bidi, zero width), line separators, lone surrogates, and what has no
 * picture.
 */
const unseen = /(?!\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u

/** The expression of what `printable` escapes, for others to build on; it needs the flag `u`. */
export const unprintable = `(?!${joiner.source})${unseen.source}`

const everyUnprintable = new RegExp(unprintable, 'gu')

/** `\u001b`: as JSON writes it, so that inside a string of JSON it is still the same character. */
export function characterEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** `text` in one line, with every character that cannot be seen as its escape. Twice is the same as once. */
export function printable(text: string): string {
  return text.replace(everyUnprintable, characterEscape)
}
