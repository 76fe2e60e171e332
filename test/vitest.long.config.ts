import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Hints name the command as npx has it, whatever starts the tests.
    env: { npm_command: 'exec' },
    pool: 'forks',
    // Many wait for processes that they watch or kill.
    maxWorkers: 2,
  },
})
