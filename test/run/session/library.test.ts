import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'

/**
 * Packages outside this one that are loaded after importing an entry in a process of its own, CommonJS and
 * native.
 */
function loadedBy(entry: string, use = ''): string[] {
  const script = `
    import { createRequire } from 'node:module'
    const library = await import(${JSON.stringify(pathToFileURL(compiledEntry(entry)).href)})
    ${use}
    const files = [...Object.keys(createRequire(${JSON.stringify(import.meta.url)}).cache), ...process.report.getReport().sharedObjects]
    console.log(JSON.stringify(files))`
  const files: string[] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  )
  return files.flatMap((file) => /onnxruntime|sharp|vips|tensorflow/.exec(file)?.[0] ?? [])
}

test('importing the library or starting a run loads no engine and no image library in this process', () => {
  expect(loadedBy('runtime/index.js')).toEqual([])
  expect(loadedBy('runtime/run/process/start-training.js')).toEqual([])
  expect(loadedBy('runtime/run/session/estimate.js')).toEqual([])
})

test('choosing an engine loads it', () => {
  expect(loadedBy('runtime/index.js', `await library.selectEngine('onnx')`)).toContain('onnxruntime')
  expect(loadedBy('runtime/index.js', `await library.selectEngine('reference')`)).toEqual([])
})
