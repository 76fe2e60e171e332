// Texts that mean something in some language: signs and words of each, control characters, marks of
// direction, zero widths.
import fc from 'fast-check'

const signs = [
  '\u001b[31m',
  '\u001b]0;title\u0007',
  '\u009b2J',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\u0000',
  "'",
  '"',
  '`',
  '``',
  '\\',
  '$(touch PWNED)',
  '$HOME',
  `$${'{X}'}`,
  '!!',
  '&',
  '&amp;',
  '<script>alert(1)</script>',
  '</script>',
  '<!--',
  '<img src=x onerror=alert(1)>',
  '|',
  '||',
  '[a](b)',
  '![a](b)',
  '*',
  '**',
  '_',
  '~~',
  '~',
  '#',
  '---',
  '- ',
  '1. ',
  '=',
  "=cmd|' /C calc'!A0",
  '+1',
  '-',
  '-0.5',
  '@SUM(A1)',
  ',',
  ';',
  '%',
  '^',
  '{',
  '}',
  '$',
  '\\input{x}',
  '\\end{table}',
  ': ',
  ' ',
  'null',
  '#SBATCH --wrap=x',
  'é',
  '長い',
  '👩\u200d🌾',
  'a',
  'B',
  '7',
]

/** Hostile texts, of several signs each. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...signs) },
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    {
      minLength: 0,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))

/**
 * What no text may bring onto a terminal: C0 but line ends and tabs, C1, DEL, directions, zero widths,
 * separators.
 */
export const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
