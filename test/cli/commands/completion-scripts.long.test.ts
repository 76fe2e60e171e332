// The completion scripts inside real shells. A shell that is not installed is skipped by name.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completionScript } from '../../../runtime/cli/commands/completion-scripts.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { temporaryFolder } from '../../data/files.js'
import { fillTypingFolder, newest, oldest, running } from '../completion/typing-folder.js'

const folder = temporaryFolder()
let end = (): void => {}
beforeAll(() => {
  end = fillTypingFolder(folder)
  mkdirSync(join(folder, 'bin'))
  const program = join(folder, 'bin/saurun')
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${compiledEntry('runtime/cli/main.js')}' "$@"\n`,
  )
  chmodSync(program, 0o755)
})
afterAll(() => end())

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    SAURUN_RUNS_DIR: join(folder, 'runs'),
    HOME: folder,
    TERM: 'xterm',
    ...more,
  }
}

/** Lines that end with a tab, and the line that a shell makes of each. */
const completedLines = [
  ['saurun exp.sau de', 'saurun exp.sau depth='],
  ['saurun exp.sau depth=1', 'saurun exp.sau depth=14 '],
  ['saurun exp.sau --set strategy=n', 'saurun exp.sau --set strategy=neg_only '],
  ['saurun attach 20260102', `saurun attach ${running} `],
  ['saurun eval', 'saurun evaluate '],
  ['saurun export last --format o', 'saurun export last --format onnx '],
  ['saurun evaluate last --on exp.sau:te', 'saurun evaluate last --on exp.sau:test '],
  ['saurun exp.sau data=im', 'saurun exp.sau data=images/'],
  ['saurun status --runs=ru', 'saurun status --runs=runs/'],
  ['saurun plan a', 'saurun plan a\\ b.sau '],
  ["saurun plan 'a b", "saurun plan 'a b.sau' "],
  ['saurun sweep gr', 'saurun sweep grid.sweep.yaml '],
  ['bin/saurun exp.sau wid', 'bin/saurun exp.sau width='],
] as const

/** Types each line, a tab and a key that shows the line, into a shell that runs on a terminal of its own. */
function typeInto(shell: 'bash' | 'zsh', lines: readonly string[]): readonly string[] {
  const out = join(folder, `${shell}.out`)
  const script = join(folder, `${shell}.completion`)
  writeFileSync(script, completionScript(shell))
  const show =
    shell === 'bash'
      ? `show() { printf '%s\\n' "$READLINE_LINE" >>'${out}'; READLINE_LINE=; }\nbind -x '"\\C-g": show'`
      : `show() { print -r -- "$BUFFER" >>'${out}'; BUFFER= }\nzle -N show\nbindkey '^G' show`
  const start = shell === 'bash' ? '' : 'autoload -Uz compinit\ncompinit -u -D\n'
  const settings = join(folder, shell === 'bash' ? 'bash.rc' : '.zshrc')
  writeFileSync(settings, `PS1=\n${start}source '${script}'\n${show}\nprintf 'rea''dy\\n'\n`)
  const command = shell === 'bash' ? `bash --noprofile --rcfile '${settings}' -i` : 'zsh -d -i'
  // zsh has terminals to type into; the driver waits until the shell has read its settings.
  const driver = join(folder, `${shell}.driver`)
  writeFileSync(
    driver,
    `zmodload zsh/zpty || exit 3
zpty typed ${JSON.stringify(command)}
zpty -r -m typed seen '*ready*'
for line in "$@"; do zpty -w -n typed "$line"$'\\t\\x07'; done
zpty -w typed 'printf "do""ne\\n"'
zpty -r -m typed seen '*done*'
zpty -d typed
`,
  )
  execFileSync('zsh', ['-f', driver, ...lines], {
    cwd: folder,
    env: environment({ ZDOTDIR: folder }),
    timeout: 120_000,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return readFileSync(out, 'utf8').trimEnd().length === 0
    ? []
    : readFileSync(out, 'utf8').split('\n').slice(0, -1)
}

describe.skipIf(!isInstalled('bash') || !existsSync('/bin/sh'))(
  'bash (skipped where it is not installed)',
  () => {
    /** What bash would offer: it calls the function with the word as far as it would replace it. */
    function offered(line: string): readonly string[] {
      const replaced = /[^ =:]*$/.exec(line)?.[0] ?? ''
      const script = `source <(saurun completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_saurun saurun "$2" '' 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`
      const out = execFileSync('bash', ['-c', script, 'bash', line, replaced], {
        cwd: folder,
        env: environment(),
      })
      return out.toString('utf8').trimEnd().split('\n')
    }

    test('offers params, values, runs and files', () => {
      expect(offered('saurun exp.sau de')).toEqual(['depth='])
      expect(offered('saurun exp.sau depth=')).toEqual(['8', '14', '20'])
      expect(offered('saurun attach ')).toEqual([running, 'last', newest, oldest])
      expect(offered('saurun check --format ')).toEqual(['text', 'json'])
      expect(offered('saurun plan e')).toEqual(['exp.sau'])
      expect(offered('saurun evaluate last --on exp.sau:t')).toEqual(['train', 'test'])
    })

    test.skipIf(!isInstalled('zsh'))(
      'completes lines that are typed into it (skipped where zsh, which types, is not installed)',
      () => {
        expect(
          typeInto(
            'bash',
            completedLines.map(([line]) => line),
          ),
        ).toEqual(completedLines.map(([, line]) => line))
      },
    )
  },
)

describe.skipIf(!isInstalled('zsh'))('zsh (skipped where it is not installed)', () => {
  test('completes lines that are typed into it', () => {
    expect(
      typeInto(
        'zsh',
        completedLines.map(([line]) => line),
      ),
    ).toEqual(completedLines.map(([, line]) => line))
  })
})

describe.skipIf(!isInstalled('fish'))('fish (skipped where it is not installed)', () => {
  function offered(line: string): readonly string[] {
    const script = 'source (saurun completion fish | psub); complete -C $argv[1]'
    const out = execFileSync('fish', ['--no-config', '-c', script, line], { cwd: folder, env: environment() })
    return out
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((one) => one.replace(/\t.*$/, ''))
  }

  test('offers params, values, runs and files', () => {
    expect(offered('saurun exp.sau de')).toEqual(['depth='])
    expect(offered('saurun exp.sau depth=')).toEqual(['depth=8', 'depth=14', 'depth=20'])
    expect(offered('saurun attach ')).toEqual([running, 'last', newest, oldest])
    expect(offered('saurun check --format ')).toEqual(['text', 'json'])
    expect(offered('saurun plan e')).toEqual(['exp.sau'])
    expect(offered('saurun plan a')).toEqual(['a b.sau'])
    expect(offered('saurun evaluate last --on exp.sau:t')).toEqual(['exp.sau:train', 'exp.sau:test'])
    expect(offered('saurun exp.sau data=im')).toEqual(['data=images/'])
    expect(offered('saurun status --runs=ru')).toEqual(['--runs=runs/'])
    expect(offered('saurun eval')).toEqual(['evaluate'])
  })
})
