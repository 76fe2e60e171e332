// Whether a run can be repeated exactly here and now: its data, its program, its engine, its machine against
// its lock.

import type { Host } from '../../../compiler/host.js'
import { requestOf } from '../../../compiler/plan/sources.js'
import type { EngineReport } from '../../engines/engine-report.js'
import { compiledFolder, programVersion } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { processorModel } from '../../platform/host/processor.js'
import { codeDigest, type ProcessRecord, type RunSettings } from '../../run/folder/lock.js'
import { readTexts, textFault } from '../../run/folder/texts.js'
import { sourceNames } from './data-places.js'
import type { RunRecord } from './record.js'

/** Something that is not as it was, and may change the numbers. */
export interface Finding {
  readonly what:
    | 'program'
    | 'code'
    | 'node'
    | 'platform'
    | 'processor'
    | 'engine'
    | 'threads'
    | 'texts'
    | 'course'
    | 'processes'
  readonly message: string
}

export interface Situation {
  readonly host: Pick<Host, 'probe' | 'digest'>
  /** Where each source lies now. */
  readonly locations: readonly (readonly string[])[]
  readonly settings: RunSettings
  /** The engine that will train, tried here. */
  readonly engine: EngineReport
}

/**
 * What is not as it was. Data that differs is no matter of a warning: nothing that it gives could be
 * compared.
 * @throws RunError SAU7122 where data is not there or not what it was.
 */
export function verifyReplay(original: RunRecord, situation: Situation): readonly Finding[] {
  const { lock } = original
  checkData(original, situation)
  const last = lock.processes.at(-1)
  return [
    ...textFindings(original),
    ...(last === undefined ? [] : machineFindings(last, situation)),
    ...courseFindings(original),
  ]
}

function checkData(original: RunRecord, { host, locations }: Situation): void {
  const { plan, lock } = original
  const names = sourceNames(plan)
  const wrong = plan.sources.flatMap((source, position) => {
    const request = requestOf(source, locations[position] ?? [])
    if (request === undefined || source.format === 'shapes') return []
    const name = names[position]?.[0] ?? String(position + 1)
    const probed = host.probe(request)
    if (!probed.ok) return [{ name, text: `${probed.path} ${probed.message}` }]
    const expected = lock.sources[position]?.content ?? source.content
    const digest = host.digest(request)
    if (digest === expected) return []
    const [then, now] = [expected.slice(0, 12), digest.slice(0, 12)]
    return [{ name, text: `${request.path} is not what it was: digest ${then} then, ${now} now` }]
  })
  const [first] = wrong
  if (first === undefined) return
  throw new RunError(
    'SAU7122',
    `the data of ${original.run} is not as it was: ${wrong.map(({ text }) => text).join('; ')}`,
    `name the place where it lies now: --data ${first.name}=PATH`,
    exitCodes.dataCheckFailed,
  )
}

function textFindings({ lock, folder }: RunRecord): readonly Finding[] {
  return readTexts(folder, lock).flatMap((kept) => {
    const fault = textFault(kept)
    return fault === undefined
      ? []
      : [finding('texts', `${fault}; the Plan beside it, which is trained, was not`)]
  })
}

function machineFindings(then: ProcessRecord, { settings, engine }: Situation): readonly Finding[] {
  const compared = (what: Finding['what'], name: string, before: string | undefined, now: string) =>
    before === undefined || before === now ? [] : [finding(what, `${name}: ${before} then, ${now} now`)]
  const program = compared('program', 'saurun', then.program, programVersion())
  const code = codeDigest(compiledFolder)
  const threads = settings.threads ?? then.threads
  return [
    ...program,
    // Of another version the code is another anyway.
    ...(program.length > 0 ? [] : compared('code', 'code of saurun', short(then.code), short(code))),
    ...compared('node', 'Node', then.node, process.version),
    ...compared('platform', 'platform', then.platform, `${process.platform} ${process.arch}`),
    ...compared('processor', 'processor', then.processor, processorModel()),
    ...(then.engine === settings.engine
      ? compared('engine', 'engine', then.engineDescription, described(engine))
      : [finding('engine', `engine: ${then.engine} then, ${settings.engine} now`)]),
    ...compared('threads', 'threads', String(then.threads), String(threads)),
  ]
}

function short(digest: string): string {
  return digest.slice(0, 12)
}

function described(engine: EngineReport): string {
  return 'description' in engine ? engine.description : `none (${engine.reason})`
}

function courseFindings({ lock, isCourseVague, plan }: RunRecord): readonly Finding[] {
  const trained = lock.processes.map(({ engineDescription, threads, code }) =>
    JSON.stringify([engineDescription, threads, code]),
  )
  const several = new Set(trained).size > 1
  return [
    ...(several
      ? [
          finding(
            'processes',
            'it was trained by several processes that differ in engine, threads or program',
          ),
        ]
      : []),
    ...(isCourseVague
      ? [
          finding(
            'course',
            `it was given more epochs (${plan.train.epochs} in the end) while it trained, by a version that did not write down at which step`,
          ),
        ]
      : []),
  ]
}

function finding(what: Finding['what'], message: string): Finding {
  return { what, message }
}
