// Printing: paper is white, and charts are drawn anew for its width, each as one picture in which all its
// layers are.

/** Pixels that a chart on paper is wide. */
export const paperWidth = 700

export interface Printable {
  /** Draws the chart in the present colours for paper. */
  readonly print: () => HTMLCanvasElement
  /** Where its picture goes. */
  readonly figure: HTMLElement
}

export function setUpPrint(charts: () => readonly Printable[], restore: () => void): void {
  const root = document.documentElement
  let before: string | undefined
  addEventListener('beforeprint', () => {
    before = root.dataset.theme
    root.dataset.theme = 'light'
    for (const { print, figure } of charts()) {
      const picture = print()
      picture.className = 'printed'
      picture.removeAttribute('style')
      figure.append(picture)
    }
  })
  addEventListener('afterprint', () => {
    if (before === undefined) delete root.dataset.theme
    else root.dataset.theme = before
    for (const picture of document.querySelectorAll('canvas.printed')) picture.remove()
    restore()
  })
}
