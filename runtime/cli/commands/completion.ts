// `saurun completion SHELL`: scripts for bash, zsh and fish, made from the table of commands.

import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes } from '../../errors.js'
import { type CommandBody, type CommandDescription, commands } from '../command-table.js'
import type { Flag } from '../options.js'
import { UsageError } from '../parser.js'

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export const printCompletion: CommandBody = async ([shell = ''], _options, context) => {
  if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') {
    const nearest = nearestName(shell, Object.keys(shells))
    throw new UsageError(
      `there is no completion for \`${shell}\``,
      nearest === undefined ? 'there are scripts for bash, zsh and fish' : `did you mean \`${nearest}\`?`,
    )
  }
  context.out(shells[shell]())
  return exitCodes.done
}

function longFlags(command: CommandDescription): readonly string[] {
  return [...command.flags.map((flag) => longName(flag)), '--help']
}

function longName(flag: Flag): string {
  return /--[a-z-]+/.exec(flag.flags)?.[0] ?? flag.flags
}

function choicesOf(flag: Flag): readonly string[] {
  return flag.value?.kind === 'choice' ? flag.value.choices : []
}

/** Words that arguments of a command are chosen from. */
function wordsOf(command: CommandDescription): readonly string[] {
  return [...new Set(command.arguments.flatMap(({ choices = [] }) => choices))]
}

/** What all arguments of a command are completed with: files of any kind where images or sweeps are among them. */
function completionOf(command: CommandDescription): 'experiments' | 'folders' | 'files' {
  const kinds = command.arguments.map(({ completes }) => completes)
  if (kinds.includes('images') || kinds.includes('sweeps')) return 'files'
  const areFolders = kinds.length > 0 && kinds.every((kind) => kind === 'folders' || kind === 'runs')
  return areFolders ? 'folders' : 'experiments'
}

/** Names of the commands whose arguments are completed so. */
function commandsWith(kind: ReturnType<typeof completionOf>): string {
  return commands
    .filter((command) => completionOf(command) === kind)
    .map((command) => command.name)
    .join(' ')
}

const names = commands.map((command) => command.name).join(' ')

function bashScript(): string {
  const cases = commands
    .map((command) => {
      const words = wordsOf(command)
      const choices = words.length === 0 ? '' : ` words="${words.join(' ')}"`
      return `    ${command.name}) flags="${longFlags(command).join(' ')}"${choices} ;;`
    })
    .join('\n')
  // A flag may have other values in other commands: all of them are offered.
  const values = new Map<string, ReadonlySet<string>>()
  for (const flag of commands.flatMap((command) => command.flags)) {
    const choices = choicesOf(flag)
    if (choices.length === 0) continue
    values.set(longName(flag), new Set([...(values.get(longName(flag)) ?? []), ...choices]))
  }
  const valueCases = [...values]
    .map(
      ([flag, choices]) =>
        `    ${flag}) COMPREPLY=($(compgen -W "${[...choices].join(' ')}" -- "$word")); return ;;`,
    )
    .join('\n')
  return `# bash completion of saurun: source <(saurun completion bash)
_saurun() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command=run flags words part
  COMPREPLY=()
  for part in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names} " in *" $part "*) command="$part"; break ;; esac
  done
  case "$before" in
${valueCases}
    --runs) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --wheel) COMPREPLY=($(compgen -f -X '!*.whl' -- "$word") $(compgen -d -- "$word")); return ;;
  esac
  case "$command" in
${cases}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [[ " ${commandsWith('folders')} " == *" $command "* ]]; then
    COMPREPLY=($(compgen -d -- "$word"))
  elif [[ " ${commandsWith('files')} " == *" $command "* ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -f -X '!*.sau' -- "$word") $(compgen -d -- "$word"))
    if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY+=($(compgen -W "${names}" -- "$word")); fi
  fi
}
complete -o filenames -F _saurun saurun
`
}

const zshFiles = { experiments: '_files -g "*.sau(-.)"', folders: '_files -/', files: '_files' } as const

function zshScript(): string {
  const list = commands
    .map((command) => `    '${command.name}:${command.summary.replace(/'/g, '')}'`)
    .join('\n')
  const cases = commands
    .map((command) => {
      const flags = command.flags.map((flag) => {
        const choices = choicesOf(flag)
        const value =
          flag.value === undefined
            ? ''
            : choices.length > 0
              ? `:value:(${choices.join(' ')})`
              : ':value:_files'
        return `'${longName(flag)}[${flag.help.replace(/['[\]:]/g, '')}]${value}'`
      })
      const words = wordsOf(command)
      const files = zshFiles[completionOf(command)]
      const rest = words.length === 0 ? files : `(${words.join(' ')})`
      return `    ${command.name}) _arguments ${flags.join(' ')} '*:argument:${rest}' ;;`
    })
    .join('\n')
  return `#compdef saurun
# zsh completion of saurun: source <(saurun completion zsh)
_saurun() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files -g "*.sau(-.)"
    return
  fi
  case "$words[2]" in
${cases}
    *) _files -g "*.sau(-.)" ;;
  esac
}
compdef _saurun saurun
`
}

function fishScript(): string {
  const lines = [
    '# fish completion of saurun: saurun completion fish > ~/.config/fish/completions/saurun.fish',
  ]
  for (const command of commands) {
    lines.push(
      `complete -c saurun -n __fish_use_subcommand -a ${command.name} -d '${command.summary.replace(/'/g, '')}'`,
    )
    const words = wordsOf(command)
    if (words.length > 0) {
      lines.push(
        `complete -c saurun -n '__fish_seen_subcommand_from ${command.name}' -f -a '${words.join(' ')}'`,
      )
    }
    if (completionOf(command) === 'folders') {
      lines.push(
        `complete -c saurun -n '__fish_seen_subcommand_from ${command.name}' -f -a '(__fish_complete_directories)'`,
      )
    }
    for (const flag of command.flags) {
      const choices = choicesOf(flag)
      const value =
        flag.value === undefined ? '' : choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : ' -r'
      lines.push(
        `complete -c saurun -n '__fish_seen_subcommand_from ${command.name}' -l ${longName(flag).slice(2)}${value} -d '${flag.help.replace(/'/g, '')}'`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}
