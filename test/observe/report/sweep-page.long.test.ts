/// <reference lib="dom" />
// The page of a sweep as a browser shows it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { sweepOutcome } from '../../../runtime/apps/sweep/outcome.js'
import { defaultGoal, settingCurves } from '../../../runtime/apps/sweep/results.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { sweepReport } from '../../../runtime/observe/report/sweep-report.js'
import { mixedSweep } from '../../apps/sweep/mixed-sweep.js'
import { chromiumPath, coloursOf, hasChromium, launch, open } from './browser.js'

const reason = hasChromium ? '' : ` (skipped: there is no Chromium at ${chromiumPath})`
const desktop = { width: 1280, height: 900, scheme: 'light' } as const

describe.skipIf(!hasChromium)(`in headless Chromium${reason}`, () => {
  let folder = ''
  let path = ''
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'saurun-sweep-page-'))
    const made = mixedSweep(folder)
    const { sweep } = openFrozenSweep(made.folder)
    const view = sweepReader(made.folder).read()
    const outcome = sweepOutcome(view, sweep, defaultGoal, diskHost())
    path = join(folder, 'page.html')
    writeFileSync(path, sweepReport(outcome, sweep, settingCurves(view, defaultGoal)))
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  test.each([desktop, { ...desktop, scheme: 'dark' as const }, { ...desktop, width: 390, height: 844 }])(
    'all charts are drawn at $width in $scheme, without a complaint',
    async (screen) => {
      const { page, complaints } = await open(browser, path, screen)
      for (const chart of ['curves', 'importance', 'heat 0', 'heat 1', 'heat 2', 'parallel']) {
        expect(await coloursOf(page, chart), chart).toBeGreaterThan(8)
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )

  test('the table is sorted by a click on a heading', async () => {
    const { page } = await open(browser, path, desktop)
    const first = (): Promise<string | undefined> =>
      page.evaluate(() => document.querySelector<HTMLTableRowElement>('#results tbody tr')?.innerText)
    expect(await first()).toMatch(/^drop\s+10\s+0\.05/)
    const mean = page.locator('#results th button', { hasText: 'mean %' })
    await mean.click()
    await mean.click()
    expect(await first()).not.toMatch(/^drop\s+10\s+0\.05/)
    await page.context().close()
  })
})
