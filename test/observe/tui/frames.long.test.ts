// Every panel at every size between 20 x 5 and 200 x 60 stays within the terminal.
import { expect, test } from 'vitest'
import { panels } from '../../../runtime/observe/tui/keys.js'
import { cellWidth } from '../../../runtime/platform/cell-width.js'
import { hundredClasses, tenClasses } from '../text/recorded-run.js'
import { cockpitRun, folded, frameTexts } from './cockpit-run.js'

test.each(panels)('panel %s', { timeout: 600_000 }, (panel) => {
  const runs = [folded(cockpitRun(tenClasses)), folded(cockpitRun(hundredClasses))]
  const outside: string[] = []
  for (let columns = 20; columns <= 200; columns++) {
    for (let rows = 5; rows <= 60; rows++) {
      const run = runs[(columns + rows) % 2] ?? runs[0]
      if (run === undefined) continue
      const lines = frameTexts(run, { columns, rows, panel })
      const isInside = lines.length <= rows && lines.every((line) => cellWidth(line) <= columns)
      if (!isInside) outside.push(`${columns}x${rows}`)
    }
  }
  expect(outside).toEqual([])
})
