// `saurun completion SHELL`: the script that makes a shell complete command lines of saurun.

import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes } from '../../platform/errors.js'
import type { CommandBody } from '../declaration.js'
import { type completion, shells } from '../declared/program.js'
import { UsageError } from '../parser.js'
import { completionScript } from './completion-scripts.js'

export const printCompletion: CommandBody<typeof completion> = async ([word = ''], _options, context) => {
  const shell = shells.find((name) => name === word)
  if (shell === undefined) {
    const nearest = nearestName(word, shells)
    throw new UsageError(
      `there is no completion for \`${word}\``,
      nearest === undefined ? 'there are scripts for bash, zsh and fish' : `did you mean \`${nearest}\`?`,
    )
  }
  context.out(completionScript(shell))
  return exitCodes.done
}
