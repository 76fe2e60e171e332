// Colours and characters. The colours are those of Okabe and Ito ("Color Universal Design", 2008), which
// people with any kind of colour vision can tell apart; every distinction they make is made by a character or
// a word as well.

export interface Theme {
  readonly colour: boolean
  readonly unicode: boolean
  /** What ends a text that was cut. */
  readonly cut: string
  readonly separator: string
  readonly border: {
    readonly topLeft: string
    readonly topRight: string
    readonly bottomLeft: string
    readonly bottomRight: string
    readonly horizontal: string
    readonly vertical: string
  }
  readonly full: string
  readonly empty: string
  readonly synthetic: string
  /** Parts of a cell filled from the left or from below, from the smallest to the full one. */
  readonly fromLeft: readonly string[]
  readonly fromBelow: readonly string[]
  readonly bullet: string
}

export const okabeIto = {
  orange: '#e69f00',
  skyBlue: '#56b4e9',
  green: '#009e73',
  yellow: '#f0e442',
  blue: '#0072b2',
  vermilion: '#d55e00',
  purple: '#cc79a7',
} as const

/** Colours of curves, in the order in which losses are declared. */
export const seriesColours: readonly string[] = [
  okabeIto.orange,
  okabeIto.skyBlue,
  okabeIto.green,
  okabeIto.purple,
  okabeIto.yellow,
  okabeIto.vermilion,
  okabeIto.blue,
]

/** Characters of curves where Braille or colour is missing. */
export const seriesMarks: readonly string[] = ['*', '+', 'o', 'x', '#', '@', '%']

export const originColours = { real: okabeIto.skyBlue, synthetic: okabeIto.orange } as const

const groupColourTable: Readonly<Record<string, string>> = {
  many: okabeIto.green,
  medium: okabeIto.yellow,
  few: okabeIto.purple,
}

export function groupColour(name: string | undefined): string {
  return (name === undefined ? undefined : groupColourTable[name]) ?? okabeIto.skyBlue
}

export function themeFor(options: { readonly colour: boolean; readonly unicode: boolean }): Theme {
  return options.unicode
    ? {
        ...options,
        cut: '…',
        separator: ' · ',
        border: {
          topLeft: '╭',
          topRight: '╮',
          bottomLeft: '╰',
          bottomRight: '╯',
          horizontal: '─',
          vertical: '│',
        },
        full: '█',
        empty: '░',
        synthetic: '▒',
        fromLeft: ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
        fromBelow: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        bullet: '●',
      }
    : {
        ...options,
        cut: '~',
        separator: ' | ',
        border: {
          topLeft: '+',
          topRight: '+',
          bottomLeft: '+',
          bottomRight: '+',
          horizontal: '-',
          vertical: '|',
        },
        full: '#',
        empty: '.',
        synthetic: '+',
        fromLeft: ['#'],
        fromBelow: ['.', ':', '#'],
        bullet: '*',
      }
}
