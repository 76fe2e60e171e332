// Light and dark: what the system says, until the reader chooses. Colours are the style sheet's; the charts
// read them there.

export type Theme = 'light' | 'dark'

const stored = 'saurun-report-theme'

export interface Colours {
  readonly ink: string
  readonly faint: string
  readonly rule: string
  readonly paper: string
  readonly card: string
  /** Of lines and bars, in order; told apart by colour-blind people (Okabe and Ito, 2002). */
  readonly series: readonly string[]
  /** Of heat maps, from none to all. */
  readonly heat: readonly string[]
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const list = (name: string): readonly string[] => value(name).split(/\s+/)
  return {
    ink: value('ink'),
    faint: value('faint'),
    rule: value('rule'),
    paper: value('paper'),
    card: value('card'),
    series: list('series'),
    heat: list('heat'),
  }
}

/** What `act` gives for the colours of paper; the page's own are as before. */
export function inLight<Result>(act: (colours: Colours) => Result): Result {
  const root = document.documentElement
  const before = root.dataset.theme
  root.dataset.theme = 'light'
  try {
    return act(colours())
  } finally {
    if (before === undefined) delete root.dataset.theme
    else root.dataset.theme = before
  }
}

/** Sets the switch up; `redraw` is called whenever colours have changed. */
export function setUpTheme(redraw: () => void): void {
  const root = document.documentElement
  const system = matchMedia('(prefers-color-scheme: dark)')
  const known = remembered()
  if (known !== undefined) root.dataset.theme = known
  const current = (): Theme =>
    root.dataset.theme === 'dark' || root.dataset.theme === 'light'
      ? root.dataset.theme
      : system.matches
        ? 'dark'
        : 'light'
  const button = document.querySelector('#theme')
  const name = (): void => {
    if (button !== null) button.textContent = current() === 'dark' ? 'Light' : 'Dark'
  }
  name()
  button?.addEventListener('click', () => {
    root.dataset.theme = current() === 'dark' ? 'light' : 'dark'
    remember(current())
    name()
    redraw()
  })
  system.addEventListener('change', () => {
    name()
    redraw()
  })
}

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(stored)
    return value === 'dark' || value === 'light' ? value : undefined
  } catch {
    // A browser may give a file no storage.
    return undefined
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(stored, theme)
  } catch {
    // Then it is chosen anew next time.
  }
}
