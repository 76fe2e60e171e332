import { describe, expect, test } from 'vitest'
import { type CallerFacts, ownCommand, withCommand } from '../../runtime/cli/own-command.js'

const entry = '/opt/saurun/dist/runtime/cli/main.js'
const facts = (
  links: readonly string[],
  workingFolder: string,
  environment: CallerFacts['environment'] = {},
): CallerFacts => ({
  environment: { PATH: '/home/a/node_modules/.bin:/usr/local/bin:/usr/bin', ...environment },
  workingFolder,
  entry,
  packageFolder: '/opt/saurun',
  realPath: (path) =>
    links.includes(path) ? entry : path === '/usr/bin/saurun' ? '/usr/other.js' : undefined,
})

describe('the name that this program is called by', () => {
  test.each([
    ['where it is installed for everybody', facts(['/usr/local/bin/saurun'], '/home/a'), 'saurun'],
    ['where another program has the name', facts([], '/home/a'), `node ${entry}`],
    ['in a clone', facts([], '/opt/saurun'), 'npx saurun'],
    ['below a clone', facts([], '/opt/saurun/examples'), 'npx saurun'],
    [
      'below a folder that has it installed, which npm puts into the PATH',
      facts(['/home/a/node_modules/.bin/saurun'], '/home/a/papers/first'),
      'npx saurun',
    ],
    ['where npx fetched it', facts([], '/home/a', { npm_command: 'exec' }), 'npx saurun'],
    ['without a PATH', facts([], '/opt', { PATH: undefined }), 'node saurun/dist/runtime/cli/main.js'],
  ])('%s', (_, caller, command) => expect(ownCommand(caller)).toBe(command))
})

describe('hints with that name', () => {
  test.each([
    ['run `saurun doctor`: it says', 'run `npx saurun doctor`: it says'],
    ['`CXX=/path/to/c++ saurun engine install`', '`CXX=/path/to/c++ npx saurun engine install`'],
    ['it goes on\n  saurun attach a   watches\n', 'it goes on\n  npx saurun attach a   watches\n'],
    ['go on with `saurun --resume last`', 'go on with `npx saurun --resume last`'],
    ['Usage: saurun check <file...>', 'Usage: npx saurun check <file...>'],
  ])('%j', (text, expected) => expect(withCommand(text, 'npx saurun')).toBe(expected))

  test.each([
    'saurun: this is a bug in saurun',
    'saurun 0.4.0, node 20',
    'the version of saurun that began it',
  ])('not in %j', (text) => expect(withCommand(text, 'npx saurun')).toBe(text))
})
