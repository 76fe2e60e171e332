/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Chromium without a window, where there is one.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Chosen by SAURUN_TEST_CHROMIUM, else where Debian puts it. */
export const chromiumPath = process.env.SAURUN_TEST_CHROMIUM ?? '/usr/bin/chromium'

export const hasChromium = existsSync(chromiumPath)

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface OpenedPage {
  readonly page: Page
  /** What a page must not do: errors, warnings, requests for anything but itself. */
  readonly complaints: string[]
}

export interface Screen {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

/** Opens a file in a context of its own and waits until its charts are drawn. */
export async function open(browser: Browser, path: string, screen: Screen): Promise<OpenedPage> {
  const { width, height, scheme } = screen
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
  const page = await context.newPage()
  const complaints: string[] = []
  const url = pathToFileURL(path).href
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  await page.goto(url)
  await page.waitForSelector('html[data-drawn]', { state: 'attached' })
  return { page, complaints }
}

/** How many colours a chart has: one or two where nothing is drawn. */
export function coloursOf(page: Page, chart: string): Promise<number> {
  return page.evaluate((name) => {
    const found = new Set<number>()
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(
      `figure[data-chart="${name}"] canvas`,
    )) {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      for (let i = 0; i < pixels.length; i += 4) {
        found.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0))
      }
    }
    return found.size
  }, chart)
}

/** A digest of a chart's picture, all its layers, to tell whether it has changed. */
export async function pictureOf(page: Page, chart: string): Promise<string> {
  const layers = await page.evaluate(
    (name) =>
      [...document.querySelectorAll<HTMLCanvasElement>(`figure[data-chart="${name}"] .plot canvas`)].map(
        (canvas) => canvas.toDataURL(),
      ),
    chart,
  )
  return createHash('sha256').update(layers.join(' ')).digest('hex')
}
