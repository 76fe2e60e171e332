// Where golden cases lie: those of the published code that are small enough to be kept here, and all of them,
// where they are there.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const goldenCases = fileURLToPath(new URL('golden', import.meta.url))

const all = fileURLToPath(new URL('../../../../shared/golden', import.meta.url))
export const allGoldenCases = existsSync(all) ? all : undefined
export const missingGoldenCases = '../shared/golden is not there'
