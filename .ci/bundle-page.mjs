// After `tsc`: the script of report pages in one file with the charts of Apache ECharts that it uses, beside
// the style sheet and with the licences of what is in it. A report needs nothing else; users of the package
// need no bundler.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const inPackage = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const out = inPackage('dist/runtime/observe/report/page')
mkdirSync(out, { recursive: true })

const require = createRequire(import.meta.url)
const echarts = dirname(require.resolve('echarts/package.json'))
const zrender = dirname(
  createRequire(require.resolve('echarts/package.json')).resolve('zrender/package.json'),
)
const version = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version
const text = (path) => readFileSync(path, 'utf8').trim()

// What the licences ask to be kept in every copy; the whole of Apache 2.0 lies beside the script.
const banner = `/*!
Contains Apache ECharts ${version(echarts)}, licensed under the Apache License, Version 2.0
(https://www.apache.org/licenses/LICENSE-2.0).

${text(`${echarts}/NOTICE`)}

Contains ZRender ${version(zrender)}:

${text(`${zrender}/LICENSE`)}
*/`

await build({
  input: inPackage('runtime/observe/report/page/main.ts'),
  platform: 'browser',
  logLevel: 'warn',
  transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' } },
  output: { file: `${out}/page.js`, format: 'iife', minify: true, comments: false, sourcemap: false },
})
// The same charts for Node, which draws them into files.
await build({
  input: inPackage('runtime/observe/report/page/figures.ts'),
  platform: 'neutral',
  resolve: { mainFields: ['module', 'main'] },
  logLevel: 'warn',
  transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' } },
  output: { file: `${out}/figures.js`, format: 'esm', minify: true, comments: false, sourcemap: false },
})
writeFileSync(`${out}/figures.js`, `${banner}\n${readFileSync(`${out}/figures.js`, 'utf8').trim()}\n`)
const script = readFileSync(`${out}/page.js`, 'utf8')
if (/<\/script|<!--/i.test(script)) throw new Error('the script of the page would end its own element')
writeFileSync(`${out}/page.js`, `${banner}\n${script.trim()}\n`)
copyFileSync(inPackage('runtime/observe/report/page/report.css'), `${out}/report.css`)
copyFileSync(`${echarts}/LICENSE`, `${out}/LICENSE-echarts`)
