// Adds up the steps and the test reports of .ci/run; prints every skipped and failed test by name, then the
// closing line.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [reports] = process.argv.slice(2)
let passed = 0
let failed = 0
let skipped = 0

for (const line of readFileSync(join(reports, 'steps'), 'utf8').trim().split('\n')) {
  if (line.endsWith(': ok')) passed++
  else failed++
  console.log(`step ${line}`)
}

for (const name of ['test.json', 'long.json']) {
  const file = join(reports, name)
  if (!existsSync(file)) {
    console.log(`no report of the tests: ${name}`)
    failed++
    continue
  }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  for (const suite of report.testResults) {
    if (suite.assertionResults.length === 0 && suite.status === 'failed') {
      console.log(`failed file: ${suite.name}\n${suite.message}`)
      failed++
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') passed++
      else if (test.status === 'failed') {
        console.log(`failed: ${test.fullName}`)
        failed++
      } else {
        console.log(`skipped: ${test.fullName}`)
        skipped++
      }
    }
  }
}

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)
