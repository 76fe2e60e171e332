// The buttons that save a figure, as a vector graphic and as a picture.
import { type EChartsType, init } from './library.js'
import { stillOption, stillSvg } from './still.js'
import { type Colours, inLight } from './theme.js'

/** Dots of a picture for each pixel of the page: 300 an inch where the figure is 8 cm wide. */
const pictureScale = 3

export interface Savable {
  /** Name of the file, without its ending. */
  readonly name: string
  readonly figure: HTMLElement
  readonly drawn: EChartsType
  /** The chart as its reader has set it, in the given colours. */
  readonly option: (colours: Colours) => Parameters<typeof stillOption>[0]
}

export function setUpSaving(savable: Savable): void {
  const { figure, name } = savable
  figure.querySelector('button.save-svg')?.addEventListener('click', () => {
    const { option, size } = stillOf(savable)
    const blob = new Blob([stillSvg(option, size)], { type: 'image/svg+xml' })
    const address = URL.createObjectURL(blob)
    download(address, `${name}.svg`)
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  })
  figure.querySelector('button.save-png')?.addEventListener('click', () => {
    const { option, size } = stillOf(savable)
    const canvas = init(document.createElement('div'), null, {
      renderer: 'canvas',
      devicePixelRatio: pictureScale,
      ...size,
    })
    canvas.setOption(option)
    download(canvas.getDataURL({ type: 'png', pixelRatio: pictureScale }), `${name}.png`)
    canvas.dispose()
  })
}

function stillOf({ drawn, option }: Savable) {
  const size = { width: drawn.getWidth(), height: drawn.getHeight() }
  const { dataZoom } = drawn.getOption()
  const shown = Array.isArray(dataZoom) ? (dataZoom as { start?: number; end?: number }[]) : []
  return { size, option: inLight((colours) => stillOption(option(colours), colours, size, shown)) }
}

function download(address: string, file: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = file
  link.click()
}
