import { expect, test } from 'vitest'
import { shellWords } from '../../../runtime/cli/completion/shell-words.js'

test.each([
  ['saurun ', ['saurun'], ''],
  ['saurun exp.sau depth=', ['saurun', 'exp.sau'], 'depth='],
  ['saurun --on ./exp.sau:te', ['saurun', '--on'], './exp.sau:te'],
  [`saurun 'a b' "c d"  e`, ['saurun', 'a b', 'c d'], 'e'],
  ['saurun a\\ b', ['saurun'], 'a b'],
  [`saurun "it's \\"so\\" \\n" ''`, ['saurun', `it's "so" \\n`], ''],
  [`saurun "not closed`, ['saurun'], 'not closed'],
  [`saurun 'x'y"z" \\`, ['saurun', 'xyz'], ''],
])('%s', (line, words, current) => {
  expect(shellWords(line)).toEqual({ words, current })
})
