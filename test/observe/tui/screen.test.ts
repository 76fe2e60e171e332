// The alternate screen is left whatever ends the program.
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { compiledEntry, packageFolder } from '../../../runtime/platform/compiled-entry.js'

const start = pathToFileURL(compiledEntry('runtime/observe/tui/start.js'))
const enter = '\u001b[?1049h'
const leave = '\u001b[?25h\u001b[?1049l'

/** What a program writes that opens the UI on a terminal of 80 x 24 and then does `ending`. */
function written(
  ending: string,
): Promise<{ readonly output: string; readonly errors: string; readonly code: unknown }> {
  const program = `
    Object.assign(process.stdout, { isTTY: true, columns: 80, rows: 24 })
    const { startTerminalUi } = await import(${JSON.stringify(start.href)})
    const ui = await startTerminalUi({ colour: true, unicode: true, actions: undefined, confusionOf: () => undefined })
    ${ending}
  `
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: packageFolder },
      (error, output, errors) => resolve({ output, errors, code: error === null ? 0 : error.code }),
    )
  })
}

const count = (text: string, part: string) => text.split(part).length - 1

test.each([
  ['the UI is closed', 'await ui.close()', 0],
  ['the program exits', 'process.exit(3)', 3],
  [
    'something throws',
    "setTimeout(() => { throw new Error('a fault') }, 50); await new Promise(() => {})",
    1,
  ],
  ['a promise fails', "Promise.reject(new Error('a fault')); await new Promise(() => {})", 1],
  [
    'an event cannot be drawn',
    "ui.event({ event: 'engine_ready', time: 1, description: 5 }); await new Promise(() => setTimeout(() => {}, 9000))",
    1,
  ],
])('when %s', async (_, ending, code) => {
  const result = await written(ending)
  expect(result.code).toBe(code)
  expect(count(result.output, enter)).toBe(1)
  expect(count(result.output, leave)).toBe(1)
  expect(result.output.endsWith(leave)).toBe(true)
})
