// `saurun compile FILE --emit STAGE`: what a stage of the compiler makes of a file.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CheckResult, Plan } from '../../../compiler/index.js'
import { filesRead } from '../../data/host/shared-host.js'
import { answerText, eventLine } from '../../observe/text/json.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { checkFile, compileFile, diagnosticsData, diskHost, showDiagnostics } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { compile } from '../declared/files.js'
import { refuseInputs } from '../output-file.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

type EmitStage = NonNullable<Options<typeof compile>['emit']>

/** Stages before the Plan: they can be shown of a file with errors too. */
type SyntaxStage = Extract<EmitStage, 'tokens' | 'ast' | 'types'>

export const compileToStage: CommandBody<typeof compile> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new UsageError(file === undefined ? 'missing the file to compile' : 'one file at a time', undefined)
  }
  const stage = options.emit ?? 'plan'
  if (stage === 'tokens' || stage === 'ast' || stage === 'types') {
    const result = checkFile(file, settings, options, context)
    if (result.notFound || options.format !== 'json') showDiagnostics(result, options, context)
    else if (result.exitCode !== exitCodes.done) {
      context.note(eventLine(diagnosticsData(file, result, context)))
    }
    if (!result.notFound) emit(syntaxText(result, stage, context), options, context)
    return result.exitCode
  }
  const compiled = compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  if (stage === 'savedmodel') await writeSavedModel(compiled.plan, options)
  else emit(await planStage(compiled.plan, stage, options), options, context)
  return exitCodes.done satisfies ExitCode
}

function syntaxText(result: CheckResult, stage: SyntaxStage, context: Context): string {
  const show = (path: string): string => diskHost().relative(context.workingFolder, path)
  switch (stage) {
    case 'tokens':
      return answerText(result.files.map(({ path, tokens }) => ({ file: show(path), tokens })))
    case 'ast':
      return answerText(result.files.map(({ path, tree }) => ({ file: show(path), tree })))
    case 'types':
      return answerText(result.types.map((entry) => ({ ...entry, file: show(entry.file) })))
  }
}

async function planStage(
  plan: Plan,
  stage: Exclude<EmitStage, SyntaxStage | 'savedmodel'>,
  options: Options<typeof compile>,
): Promise<string | Uint8Array> {
  if (stage === 'plan') return answerText(plan)
  const { programDocument, programDot, traceProgram } = await import('../../../compiler/graph/index.js')
  if (stage === 'onnx' && options.layout === 'NHWC') {
    throw new UsageError('an ONNX model has its images as NCHW', 'leave out --layout')
  }
  if (stage === 'graphdef') {
    const { graphDefBytes } = await import('../../engines/tensorflow/lowering/program.js')
    return graphDefBytes(await tensorFlowProgram(plan, options))
  }
  const program = traceProgram(plan, { layout: options.layout ?? 'NCHW', images: 'uint8' })
  if (stage === 'graph' && options.entry === undefined) return answerText(programDocument(program))
  const entry = options.entry ?? 'train'
  const graph = program.entries[entry]
  if (graph === undefined) {
    throw new UsageError(
      `the program has no entry \`${entry}\``,
      `entries are ${Object.keys(program.entries).join(', ')}`,
    )
  }
  switch (stage) {
    case 'graph':
      return answerText(programDocument({ ...program, entries: { [entry]: graph } }))
    case 'dot':
      return programDot(program, [entry])
    case 'onnx': {
      const { onnxModel } = await import('../../engines/onnx/index.js')
      return onnxModel(program, entry)
    }
  }
}

/** The whole program, all entries, as the tensorflow engine would run it. */
async function tensorFlowProgram(plan: Plan, options: Options<typeof compile>) {
  const { traceProgram } = await import('../../../compiler/graph/index.js')
  const { lowerProgram } = await import('../../engines/tensorflow/lowering/program.js')
  return lowerProgram(traceProgram(plan, { layout: options.layout ?? 'NHWC', images: 'uint8' }))
}

/** A SavedModel is a folder; its variables are given their values by whoever loads it. */
async function writeSavedModel(plan: Plan, options: Options<typeof compile>): Promise<void> {
  const folder = options.output
  if (folder === undefined || folder === '-') {
    throw new UsageError('a SavedModel is a folder', 'name it with -o FOLDER')
  }
  const { savedModelBytes } = await import('../../engines/tensorflow/lowering/program.js')
  const bytes = savedModelBytes(await tensorFlowProgram(plan, options))
  writing(folder, 'name a new or empty folder', () => {
    mkdirSync(folder, { recursive: true })
    const others = readdirSync(folder).filter((name) => name !== savedModelFile)
    if (others.length > 0) throw new Error(`it holds ${others[0]}`)
    writeFileSync(join(folder, savedModelFile), bytes)
  })
}

const savedModelFile = 'saved_model.pb'

/** @throws UsageError where it cannot be written. */
function writing(path: string, help: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw new UsageError(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      help,
    )
  }
}

/** To the file of `-o`, else to standard output; bytes are not thrown at a terminal. */
function emit(content: string | Uint8Array, options: Options<typeof compile>, context: Context): void {
  const { output } = options
  if (output !== undefined && output !== '-') {
    refuseInputs(resolve(context.workingFolder, output), filesRead())
    writing(output, 'name a file in a folder that is there', () => writeFileSync(output, content))
    return
  }
  if (typeof content !== 'string' && context.outIsTerminal) {
    throw new UsageError('a model is bytes, not text for a terminal', 'write it to a file with -o FILE')
  }
  context.out(content)
}
