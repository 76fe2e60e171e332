// All golden cases of the published code, on every engine.
import { expect, test } from 'vitest'
import { runParity } from '../../../runtime/apps/parity/index.js'
import { engineNames } from '../../../runtime/engines/names.js'
import { selectEngine } from '../../../runtime/engines/select.js'
import { missingTensorFlow, tensorFlow } from '../../engines/tensorflow-there.js'
import { allGoldenCases, missingGoldenCases } from './golden-cases.js'

test.for(engineNames)('golden cases hold on %s', async (name, { skip }) => {
  if (allGoldenCases === undefined) return skip(missingGoldenCases)
  if (name === 'tensorflow' && tensorFlow === undefined) return skip(missingTensorFlow)
  const { engine } = await selectEngine(name, { threads: 2 })
  const report = await runParity(allGoldenCases, { engines: [engine] })
  const failed = report.results.filter(({ status }) => status === 'failed').map(({ file }) => file)
  expect(failed).toEqual([])
  expect(report.passed).toBeGreaterThanOrEqual(15)
})
