// `saurun doctor`: the machine, the engines, the folders and the terminal, as this program sees them.

import { existsSync } from 'node:fs'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { answerText } from '../../observe/text/json.js'
import type { Palette } from '../../observe/text/palette.js'
import { terminalFacts } from '../../observe/text/terminal.js'
import { packageFolder, programVersion } from '../../platform/compiled-entry.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { cacheFolder } from '../../platform/host/cache-folder.js'
import { enginesFolder } from '../../platform/host/data-folder.js'
import { formatBytes } from '../../platform/quantities.js'
import { runsRoot } from '../../run/folder/folder.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { doctor } from '../declared/program.js'
import { engineStates, engineText } from '../engines/engine-states.js'
import { configFolder, stateFolder } from '../folders.js'
import { withCommand } from '../own-command.js'

export const examineMachine: CommandBody<typeof doctor> = async (
  _words,
  options,
  context,
): Promise<ExitCode> => {
  const facts = await machineFacts(options, context)
  context.out(
    options.json === true
      ? answerText(facts)
      : withCommand(renderFacts(facts, context.outPalette), context.command),
  )
  return facts.engines.some((engine) => engine.loads && engine.name !== 'reference')
    ? exitCodes.done
    : exitCodes.failed
}

async function machineFacts(options: Options<typeof doctor>, context: Context) {
  const terminal = terminalFacts({
    stream: process.stdout,
    environment: context.environment,
    platform: process.platform,
    plain: false,
    noUnicode: false,
  })
  return {
    saurun: programVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    engines: await engineStates(),
    folders: {
      program: packageFolder,
      runs: runsRoot(options.runs),
      cache: cacheFolder(),
      engines: enginesFolder(),
      config: configFolder(),
      state: stateFolder(),
    },
    terminal,
  }
}

function renderFacts(facts: Awaited<ReturnType<typeof machineFacts>>, paint: Palette): string {
  const lines: string[] = []
  const section = (title: string): void =>
    void lines.push(`${lines.length === 0 ? '' : '\n'}${paint.bold(title)}`)
  const row = (name: string, value: string): void => void lines.push(`  ${name.padEnd(10)} ${value}`)
  section('machine')
  row('saurun', facts.saurun)
  row('node', facts.node)
  row('platform', facts.platform)
  row('processor', `${facts.processor}, ${facts.cores} core${facts.cores === 1 ? '' : 's'} for this process`)
  row('memory', `${formatBytes(facts.memory.total)}, ${formatBytes(facts.memory.free)} free`)
  section('engines')
  for (const engine of facts.engines) {
    row(engine.name, engineText(engine, paint))
  }
  section('folders')
  for (const [name, folder] of Object.entries(facts.folders)) {
    row(name, `${folder}${existsSync(folder) ? '' : paint.dim('  (not made yet)')}`)
  }
  section('terminal')
  const { terminal } = facts
  row('UI', terminal.interactive ? 'yes' : `plain lines, for ${terminal.why}`)
  row('size', `${terminal.columns} x ${terminal.rows}`)
  row('colour', terminal.colour ? 'yes' : 'no')
  row('unicode', terminal.unicode ? 'yes' : 'no (no UTF-8 locale)')
  return `${lines.join('\n')}\n`
}
