#!/usr/bin/env node
// Entry of the `saurun` command. Loads as little as it can: what a command needs comes with the command.
import { reportBug } from './crash.js'

// A bug in a timer or an event handler ends the program like any other one. It is told after everything else that
// waits for the end, for the terminal UI must have given the screen back.
process.on('uncaughtException', (error) => {
  process.once('exit', () => {
    process.exitCode = reportBug(error)
  })
  process.exit(1)
})

try {
  // Loaded here, so that a system that lets nothing more be opened is told of in a sentence.
  const { runCommandLine } = await import('./command-line.js')
  process.exitCode = await runCommandLine(process.argv.slice(2))
} catch (error) {
  process.exitCode = reportBug(error)
}
