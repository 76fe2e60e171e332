// Letters for contact sheets, 5 dots wide and 7 high, drawn here: a sheet looks the same on every machine,
// also on one without fonts. Capitals only; a letter with a mark on it is the letter, and what there is none
// for is a box.

/** Rows from the top, each a digit of base 32: its bits are the dots from the left. */
const shapes: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhe',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hpljhhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllrh',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  ' ': '0000000',
  '-': '000e000',
  _: '000000v',
  '.': '00000cc',
  ',': '0000c48',
  ':': '0cc0cc0',
  '(': '2488842',
  ')': '8422248',
  '/': '01248g0',
  '+': '044v440',
  '%': 'op248j3',
  '=': '00v0v00',
  '<': '248g842',
  '>': '8421248',
  "'": '4400000',
  '&': '8kk8lid',
  '#': 'aavavaa',
}
const box = 'vhhhhhv'

export const letterWidth = 6
export const letterHeight = 7

/** Calls `dot` for every dot of a line of text, from its upper left corner. */
export function drawLetters(text: string, dot: (x: number, y: number) => void): void {
  const letters = [
    ...text
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .toUpperCase(),
  ]
  for (const [position, letter] of letters.entries()) {
    const rows = shapes[letter] ?? box
    for (const [y, row] of [...rows].entries()) {
      const bits = Number.parseInt(row, 32)
      for (let x = 0; x < 5; x++) if ((bits >> (4 - x)) & 1) dot(position * letterWidth + x, y)
    }
  }
}
