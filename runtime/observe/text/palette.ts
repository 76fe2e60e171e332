// Colour in answers that are printed as plain text: escape codes where colour is wanted, nothing where it is
// not.
import { styled } from '../../platform/texts/terminal.js'

export interface Palette {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly blue: (text: string) => string
  readonly cyan: (text: string) => string
}

export function palette(colour: boolean): Palette {
  const paint =
    (open: number, close: number) =>
    (text: string): string =>
      colour ? styled(open, text, close) : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
    cyan: paint(36, 39),
  }
}
