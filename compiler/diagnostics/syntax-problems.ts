// From what the parser found to what a person reads.
import type { SyntaxProblem } from '../../grammar/problems.js'
import type { StatementPlace } from '../../grammar/words.js'
import { labelled, type Reporter } from './reporter.js'

const places: Readonly<Record<StatementPlace, string>> = {
  file: 'at the top of the file, outside all blocks',
  network: 'in the block of a network',
  branch: 'in a branch',
  train: 'in `train`',
  evaluate: 'in `evaluate`',
  match: 'in a `match`',
}

const either = (words: readonly string[]) =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
const quoted = (words: readonly string[]) => either(words.map((word) => `\`${word}\``))

const bracesHelp =
  'braces hold the blocks of declarations: write a call with its arguments in parentheses, `sgd(lr: 0.1)`, and a list as `[a, b]`'

/**
 * Reports one problem of form in `file`, whose text is `text`. `versionText` is what stands where the version
 * number should.
 */
export function reportSyntaxProblem(
  reporter: Reporter,
  file: string,
  text: string,
  problem: SyntaxProblem,
): void {
  const at = { file, span: problem.span }
  const replace = (title: string, replacement: string) => ({ title, ...at, replacement })
  switch (problem.kind) {
    case 'bad_character': {
      const { suggestion } = problem
      reporter.report('SAU1001', {
        gaps: { characters: `\`${problem.characters}\`` },
        labels: [labelled(at)],
        help: suggestion === undefined ? 'take it out' : `write \`${suggestion}\``,
        fix:
          suggestion === undefined ? replace('take it out', '') : replace(`write ${suggestion}`, suggestion),
      })
      return
    }
    case 'unterminated_string':
      reporter.report('SAU1002', { gaps: {}, labels: [labelled(at, 'starts here')] })
      return
    case 'malformed_number':
      reporter.report('SAU1003', {
        gaps: { text: problem.text },
        labels: [labelled(at)],
        help: problem.suggestion && `write \`${problem.suggestion}\``,
        fix: problem.suggestion ? replace(`write ${problem.suggestion}`, problem.suggestion) : undefined,
      })
      return
    case 'missing_closing_bracket':
      reporter.report('SAU1004', {
        gaps: { bracket: problem.bracket },
        labels: [
          labelled(at, `\`${problem.bracket}\` should stand here`),
          labelled({ file, span: problem.opening }, 'opened here'),
        ],
        fix: replace(`write ${problem.bracket}`, problem.bracket),
      })
      return
    case 'unexpected_closing_bracket':
      reporter.report('SAU1005', {
        gaps: { bracket: problem.bracket },
        labels: [labelled(at)],
        fix: replace('take it out', ''),
      })
      return
    case 'missing_opening_brace':
      reporter.report('SAU1006', { gaps: { declaration: problem.declaration }, labels: [labelled(at)] })
      return
    case 'missing_version':
      reporter.report('SAU1007', {
        gaps: {},
        labels: [labelled(at)],
        fix: { title: 'write sau 1', file, span: { start: 0, end: 0 }, replacement: 'sau 1\n' },
      })
      return
    case 'unreadable_version':
      reporter.report('SAU1007', { gaps: {}, labels: [labelled(at)] })
      return
    case 'misplaced_version':
      reporter.report('SAU1009', { gaps: {}, labels: [labelled(at)] })
      return
    case 'misspelt_declaration_kind':
      reporter.report('SAU1010', {
        gaps: { word: problem.word },
        labels: [labelled(at)],
        help: problem.nearest
          ? `did you mean \`${problem.nearest}\`?`
          : problem.allowed.length > 0
            ? `here may stand ${quoted(problem.allowed)}`
            : 'here stand fields: `name = value`',
        fix: problem.nearest ? replace(`write ${problem.nearest}`, problem.nearest) : undefined,
      })
      return
    case 'missing_declaration_kind':
      reporter.report('SAU1011', {
        gaps: { name: problem.name },
        labels: [labelled(at)],
        help: `write its kind in front: ${quoted(problem.allowed)}`,
      })
      return
    case 'misplaced_declaration':
      reporter.report('SAU1012', {
        gaps: {
          declaration: problem.declaration,
          place: places[problem.place],
          belongs: places[problem.belongs],
        },
        labels: [labelled(at)],
      })
      return
    case 'unexpected_token':
      reporter.report('SAU1013', {
        gaps: { found: problem.found, expected: either(problem.expected) || 'something else' },
        labels: [labelled(at)],
        help: problem.found === '`{`' ? bracesHelp : undefined,
      })
      return
    case 'missing_expression':
      reporter.report('SAU1014', {
        gaps: { where: problem.after === undefined ? '' : ` after ${problem.after}` },
        labels: [labelled(at)],
        help: /^\s*\{/.test(text.slice(problem.span.start)) ? bracesHelp : undefined,
      })
      return
    case 'reserved_word':
      reporter.report('SAU1015', { gaps: { word: problem.word }, labels: [labelled(at)] })
      return
    case 'bound_outside_argument':
      reporter.report('SAU1016', { gaps: { operator: problem.operator }, labels: [labelled(at)] })
      return
    case 'wrong_separator':
      reporter.report('SAU1017', {
        gaps: { found: problem.found, expected: problem.expected },
        labels: [labelled(at)],
      })
      return
    case 'missing_separator':
      reporter.report('SAU1018', { gaps: {}, labels: [labelled(at)] })
      return
    case 'positional_after_named':
      reporter.report('SAU1019', {
        gaps: {},
        labels: [labelled(at), labelled({ file, span: problem.named }, 'named here')],
      })
      return
    case 'nested_too_deep':
      reporter.report('SAU1020', { gaps: {}, labels: [labelled(at)] })
      return
  }
}
