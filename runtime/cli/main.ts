#!/usr/bin/env node
// Entry of the `saurun` command. Loads as little as it can: what a command needs comes with the command.
import { exitCodes } from '../platform/errors.js'
import type { ProcessContext } from './context.js'
import { reportBug, reportLostOutput } from './crash.js'

// A bug in a timer or an event handler ends the program like any other one. It is told after everything else
// that waits for the end, for the terminal UI must have given the screen back.
process.on('uncaughtException', (error) => {
  process.once('exit', () => {
    process.exitCode = reportBug(error)
  })
  process.exit(1)
})

let context: ProcessContext | undefined
// A write fails after it was asked for, the last one after the command has ended.
process.once('exit', (code) => {
  const lost = context?.lost()
  if (lost === undefined) return
  reportLostOutput(lost)
  if (code === 0) process.exitCode = exitCodes.failed
})

try {
  // Loaded here, so that a system that lets nothing more be opened is told of in a sentence.
  const { processContext } = await import('./context.js')
  const { runCommandLine } = await import('./command-line.js')
  context = processContext()
  process.exitCode = await runCommandLine(process.argv.slice(2), context)
} catch (error) {
  process.exitCode = reportBug(error)
}
