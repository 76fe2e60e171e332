import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    // Beside a busy process a run that takes five seconds may take a minute.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Hints name the command as npx has it, whatever starts the tests.
    env: { npm_command: 'exec' },
    pool: 'forks',
    maxWorkers: 2,
  },
})
