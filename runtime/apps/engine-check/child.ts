// Entry of a process that loads one engine and says how that went, so that a library that crashes takes only
// this process with it: `child.js REQUEST`, the request as JSON; the report is sent to the parent.

import type { EngineReport } from '../../engines/engine-report.js'
import { EngineNotInstalled } from '../../engines/not-installed.js'
import { createEngine } from '../../engines/select.js'
import { jsonText } from '../../platform/texts/json.js'
import { logLine } from '../../platform/texts/terminal.js'
import type { CheckRequest } from './check-engine.js'
import { selfTest } from './self-test.js'

async function check({ engine: name, place, test, threads }: CheckRequest): Promise<EngineReport> {
  const started = performance.now()
  const engine = await createEngine(name, { threads, place })
  const { description } = engine
  const seconds = (performance.now() - started) / 1000
  if (test !== true) return { state: 'loads', description, seconds }
  const result = await selfTest(engine)
  if (result.passed) return { state: 'loads', description, seconds, test: result }
  const { name: what, difference, tolerance } = result.worst
  const reason = `its ${what} differ from the reference engine's by ${difference.toExponential(1)} where ${tolerance.toExponential(0)} is allowed`
  return { state: 'wrong', description, reason }
}

function failure(error: unknown): EngineReport {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
  return { state: error instanceof EngineNotInstalled ? 'not_installed' : 'broken', reason }
}

const report = await check(JSON.parse(process.argv[2] ?? '{}') as CheckRequest).catch(failure)
// Libraries with threads of their own may crash while the process ends; the report counts, not that.
if (process.send === undefined) logLine(jsonText(report), process.stdout)
else process.send(report, () => process.exit(0))
