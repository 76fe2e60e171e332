// The scripts for bash, zsh and fish. They only pass the line on and show the answer, whose form answer.ts
// says; so they stay right when commands, flags and experiments change. They call the program as it was
// typed: it may lie outside of PATH.

import type { shells } from '../declared/program.js'

export type Shell = (typeof shells)[number]

// Bash cuts words at `=` and `:`, and $2 is what it will replace; candidates come without what is typed
// already.
const bash = `# bash completion of saurun: source <(saurun completion bash)
_saurun() {
  local files rest name
  COMPREPLY=()
  {
    read -r files rest
    while IFS= read -r rest; do COMPREPLY+=("$2$rest"); done
  } < <("\${1/#\\~/$HOME}" __complete bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  compopt -o nosort 2>/dev/null
  if [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *[=:] ]]; then compopt -o nospace 2>/dev/null; fi
  [[ "$files" == none || -z "$files" ]] && return
  # With this bash quotes names of files; it would quote the = of params too.
  [[ "\${COMPREPLY[*]}" == *=* ]] || compopt -o filenames 2>/dev/null
  while IFS= read -r name; do COMPREPLY+=("$name"); done < <(
    if [[ "$files" == all ]]; then
      compgen -f -- "$2"
    else
      [[ "$files" == folders ]] || { shopt -s extglob; compgen -f -X "!*.@($files)" -- "$2"; }
      compgen -d -- "$2"
    fi | sort -u
  )
}
complete -F _saurun saurun
`

const zsh = `#compdef saurun
# zsh completion of saurun: source <(saurun completion zsh)
_saurun() {
  local -a answer shown going going_shown whole whole_shown
  local line text files before
  answer=("\${(@f)$("\${(Q)\${~words[1]}}" __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  files=\${answer[1]% *} before=\${answer[1]#* }
  for line in "\${(@)answer[2,-1]}"; do
    text=\${line%%$'\\t'*}
    shown=\${text}
    [[ $line == *$'\\t'* ]] && shown="\${text}  -- \${line#*$'\\t'}"
    if [[ $text == *[=:] ]]; then
      going+=("$text") going_shown+=("$shown")
    else
      whole+=("$text") whole_shown+=("$shown")
    fi
  done
  local -i found=1
  if (( $#whole )); then compadd -V saurun -l -d whole_shown -a -- whole && found=0; fi
  if (( $#going )); then compadd -V saurun-params -l -S '' -d going_shown -a -- going && found=0; fi
  if [[ -n $files && $files != none ]]; then
    compset -p $before
    case $files in
      folders) _files -/ && found=0 ;;
      all) _files && found=0 ;;
      *) _files -g "*.($files)(-.)" && found=0 ;;
    esac
  fi
  return found
}
compdef _saurun saurun
`

const fish = `# fish completion of saurun: saurun completion fish > ~/.config/fish/completions/saurun.fish
function __saurun_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    set -l current (commandline -ct)
    set -l answer ($program __complete fish -- $words "$current" 2>/dev/null)
    set -l files (string split ' ' -- $answer[1])
    set -e answer[1]
    for line in $answer
        echo $line
    end
    test -z "$files[1]" -o "$files[1]" = none; and return
    set -l prefix (string sub -l $files[2] -- "$current")
    set -l name (string sub -s (math $files[2] + 1) -- "$current")
    # A folder goes on; of files only those with the right ending.
    switch $files[1]
        case all
            __fish_complete_path "$name"
        case folders
            __fish_complete_directories "$name"
        case '*'
            __fish_complete_path "$name" | string match -r '^[^\\t]*(?:/|\\.(?:'$files[1]'))(?:\\t.*)?$'
    end | while read -l line
        echo "$prefix$line"
    end
end
complete -c saurun -k -f -a '(__saurun_complete)'
`

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }

export function completionScript(shell: Shell): string {
  return scripts[shell]
}
