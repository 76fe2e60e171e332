// How long a page takes in a browser until its charts are drawn.
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const executablePath = process.env.SAURUN_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** Seconds of each round, each in a new context; undefined where no Chromium is. */
export async function pageLoad(path, rounds) {
  if (!existsSync(executablePath)) return undefined
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
  try {
    const seconds = []
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      const start = performance.now()
      await page.goto(pathToFileURL(path).href)
      await page.waitForSelector('html[data-drawn]', { state: 'attached' })
      // The frame after the one in which they were drawn.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      seconds.push((performance.now() - start) / 1000)
      await context.close()
    }
    return seconds
  } finally {
    await browser.close()
  }
}
