// The results of a sweep whose params have values that mean something in each form that they are given in.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { type SweepOutcome, sweepOutcome } from '../../../runtime/apps/sweep/outcome.js'
import { defaultGoal, settingCurves, sweepGoal } from '../../../runtime/apps/sweep/results.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { sweepReport } from '../../../runtime/observe/report/sweep-report.js'
import { answerText } from '../../../runtime/observe/text/json.js'
import { sweepCsv } from '../../../runtime/observe/text/sweep-csv.js'
import { sweepLatex } from '../../../runtime/observe/text/sweep-latex.js'
import { sweepMarkdown } from '../../../runtime/observe/text/sweep-markdown.js'
import { mixedSweep } from '../../apps/sweep/mixed-sweep.js'
import { unseen } from '../../platform/texts/hostile-text.js'

const values = [
  "=cmd|' /C calc'!A0",
  '<script>alert(1)</script>',
  '\u001b[31mred',
  'cat\u202etac',
  '] | a_b & 5 %',
  '',
]
let root = ''
let outcome: SweepOutcome
let page = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-hostile-'))
  const { folder } = mixedSweep(root)
  const { sweep } = openFrozenSweep(folder)
  const view = sweepReader(folder).read()
  const goal = sweepGoal(sweep) ?? defaultGoal
  const found = sweepOutcome(view, sweep, goal, diskHost())
  const settings = found.settings.map((setting, i) => ({
    ...setting,
    params: { ...setting.params, strategy: values[i % values.length] ?? '' },
  }))
  outcome = { ...found, settings }
  page = sweepReport(outcome, sweep, settingCurves(view, goal))
})
afterAll(() => rmSync(root, { recursive: true }))

test('no form of them has a character that cannot be seen', () => {
  const forms = [sweepCsv(outcome), sweepLatex(outcome), sweepMarkdown(outcome), answerText(outcome)]
  for (const text of forms) expect(text).not.toMatch(unseen)
  expect(
    page.slice(0, page.indexOf('<style>')) +
      page.slice(page.indexOf('</style>'), page.lastIndexOf('<script>')),
  ).not.toMatch(unseen)
})

test('no cell of CSV is a formula', () => {
  expect(sweepCsv(outcome)).toContain(",'=cmd|' /C calc'!A0,")
  expect(sweepCsv(outcome)).not.toMatch(/(^|,)=/m)
})

test('Markdown and HTML have no tag of theirs', () => {
  expect(sweepMarkdown(outcome)).toContain('| \\<script\\>alert(1)\\</script\\> |')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script>alert')
})

test('rows of LaTeX begin with no argument of the row before', () => {
  const rows = sweepLatex(outcome)
    .split('\n')
    .filter((line) => line.endsWith('\\\\'))
  expect(rows.length).toBeGreaterThan(5)
  for (const row of rows) expect(row).not.toMatch(/^\s*[[*]/)
  expect(sweepLatex(outcome)).toContain('{]} \\textbar{} a\\_b \\& 5 \\%')
})
