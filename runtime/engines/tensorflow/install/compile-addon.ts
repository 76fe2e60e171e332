// The addon, compiled from the npm package's sources against TensorFlow's headers and Node's C interface
// (N-API, which is the same for every Node from 18 on, so the addon needs no new compilation for another
// Node; and what the JavaScript of the package misses on Node 23 and later is not used here).
import { readdirSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { addonFile } from '../library/installed.js'
import { lastLines, runTool } from './command.js'
import { doesNotCompile } from './failures.js'
import type { Staging } from './staging.js'
import type { Compiler, ToolWorld } from './tools.js'
import { libraryFiles } from './wheels.js'

/** Compiles and links into the engine under construction. @throws RunError SAU7639. */
export async function compileAddon(staging: Staging, compiler: Compiler, world: ToolWorld): Promise<void> {
  const sources = join(staging.engine, 'package', 'binding')
  const tensorFlow = join(staging.engine, 'tensorflow')
  const nodeHeaders = join(
    dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
    'include',
  )
  const made = join(staging.attempt, addonFile)
  const { code, all } = await runTool({
    ...world,
    program: compiler.program,
    words: [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      ...['-I', nodeHeaders, '-I', join(tensorFlow, 'include')],
      ...readdirSync(sources)
        .filter((name) => name.endsWith('.cc'))
        .map((name) => join(sources, name)),
      ...['-o', made, '-L', tensorFlow, ...libraryFiles.map((name) => `-l:${name}`)],
      // Relative to the addon itself: the folder works wherever it is moved to.
      '-Wl,-rpath,$ORIGIN/tensorflow',
    ],
    environment: { ...world.environment, TMPDIR: join(staging.attempt, 'tmp') },
    log: staging.log,
  })
  if (code !== 0) throw doesNotCompile(compiler.program.join(' '), lastLines(errorLines(all), 4), staging.log)
  renameSync(made, join(staging.engine, addonFile))
}

/** The compiler's errors without its warnings and the code that it quotes. */
function errorLines(output: string): string {
  const errors = output.split('\n').filter((line) => /error|undefined reference|cannot find/i.test(line))
  return errors.length === 0 ? output : errors.slice(0, 4).join('\n')
}
