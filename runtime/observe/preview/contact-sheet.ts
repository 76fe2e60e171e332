// A preview as one picture: a block a view, a row an image, the original first and its draws beside it.
import { type Colour, pixelsPng } from '../../platform/png.js'
import type { Picture, PreviewedImage, PreviewedView } from './draw-views.js'
import { drawLetters, letterHeight, letterWidth } from './letters.js'

/** Tells a sheet of this program from any other picture. */
export const sheetMark = 'saurun preview'

/** With its frame: 96 pixels inside are whole multiples of the usual 16, 32 and 48. */
const cell = 102
const gap = 8
const frame = 3
const labelWidth = 200
const headHeight = 40
const scale = 2
const paper: Colour = [247, 247, 245]
const ink: Colour = [28, 31, 36]
const faint: Colour = [98, 105, 115]
/** Real, synthetic: colours that colour-blind people tell apart. */
const originColours = { real: [0, 114, 178], synthetic: [213, 94, 0] } as const

interface Sheet {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** PNG bytes. */
export function contactSheet(title: string, views: readonly PreviewedView[]): Uint8Array {
  const draws = Math.max(1, ...views.flatMap(({ images }) => images.map((image) => image.draws.length)))
  const width = Math.max(560, labelWidth + (1 + draws) * (cell + gap) + 3 * gap)
  const rowHeight = cell + gap
  const blockHeight = ({ images }: PreviewedView) => headHeight + images.length * rowHeight
  const height = headHeight + views.reduce((sum, view) => sum + blockHeight(view), 0) + gap
  const sheet: Sheet = { width, height, pixels: new Uint8Array(3 * width * height) }
  fill(sheet, 0, 0, width, height, paper)
  write(sheet, gap, gap + 4, title, ink)
  legend(sheet)
  let y = headHeight
  for (const view of views) {
    const { output } = view
    fill(sheet, gap, y, width - 2 * gap, 1, faint)
    write(sheet, gap, y + 12, `view ${view.name}`, ink)
    write(sheet, labelWidth, y + 12, 'original', faint)
    write(
      sheet,
      labelWidth + cell + 2 * gap,
      y + 12,
      `drawn, ${output.width} x ${output.height}, by epoch`,
      faint,
    )
    y += headHeight
    for (const image of view.images) {
      row(sheet, y, image)
      y += rowHeight
    }
  }
  return pixelsPng(width, height, 3, sheet.pixels, sheetMark)
}

function legend(sheet: Sheet): void {
  let x = sheet.width - gap
  for (const origin of ['synthetic', 'real'] as const) {
    x -= origin.length * letterWidth * scale
    write(sheet, x, gap + 4, origin, originColours[origin])
    x -= 3 * gap
  }
}

function row(sheet: Sheet, y: number, image: PreviewedImage): void {
  const colour = originColours[image.origin]
  const lines: readonly (readonly [string, Colour])[] = [
    [image.class, ink],
    [image.origin, colour],
    [`${image.real} real`, faint],
    [`${image.width} x ${image.height}`, faint],
    ...(image.shows === undefined ? [] : [[`shows ${image.shows}`, originColours.synthetic] as const]),
  ]
  const letters = Math.floor((labelWidth - gap) / (letterWidth * scale)) - 1
  for (const [line, [text, shade]] of lines.entries()) {
    write(sheet, gap, y + 2 + line * (letterHeight * scale + 4), text.slice(0, letters), shade)
  }
  place(sheet, labelWidth, y, image.original, colour)
  for (const [position, { picture }] of image.draws.entries()) {
    place(sheet, labelWidth + (position + 1) * (cell + gap) + gap, y, picture, colour)
  }
}

/**
 * A picture in a frame: whole multiples of its size where it is small, the nearest pixels where it is large.
 */
function place(sheet: Sheet, x: number, y: number, picture: Picture, colour: Colour): void {
  fill(sheet, x, y, cell, cell, colour)
  const room = cell - 2 * frame
  fill(sheet, x + frame, y + frame, room, room, paper)
  const longest = Math.max(picture.width, picture.height)
  const factor = longest <= room ? Math.floor(room / longest) : room / longest
  const width = Math.max(1, Math.floor(picture.width * factor))
  const height = Math.max(1, Math.floor(picture.height * factor))
  const [left, top] = [x + frame + ((room - width) >> 1), y + frame + ((room - height) >> 1)]
  for (let row = 0; row < height; row++) {
    const fromRow = Math.min(picture.height - 1, Math.floor(row / factor))
    for (let column = 0; column < width; column++) {
      const from =
        (fromRow * picture.width + Math.min(picture.width - 1, Math.floor(column / factor))) *
        picture.channels
      const grey = picture.channels === 1
      const to = 3 * ((top + row) * sheet.width + left + column)
      for (let c = 0; c < 3; c++) sheet.pixels[to + c] = picture.pixels[from + (grey ? 0 : c)] ?? 0
    }
  }
}

function write(sheet: Sheet, x: number, y: number, text: string, colour: Colour): void {
  drawLetters(text, (column, line) => fill(sheet, x + scale * column, y + scale * line, scale, scale, colour))
}

function fill(sheet: Sheet, x: number, y: number, width: number, height: number, colour: Colour): void {
  for (let row = Math.max(0, y); row < Math.min(sheet.height, y + height); row++) {
    for (let column = Math.max(0, x); column < Math.min(sheet.width, x + width); column++) {
      sheet.pixels.set(colour, 3 * (row * sheet.width + column))
    }
  }
}
