// Every command, in the order of the overview: its declaration, and the file that carries it out, loaded when
// it is chosen.
import { type Command, command } from './command.js'
import * as data from './declared/data.js'
import * as engines from './declared/engines.js'
import * as files from './declared/files.js'
import * as program from './declared/program.js'
import * as results from './declared/results.js'
import * as runs from './declared/runs.js'
import * as sweeps from './declared/sweeps.js'
import * as training from './declared/training.js'

export const commands: readonly Command[] = [
  command(training.run, { load: async () => (await import('./commands/run.js')).runExperiment }),
  command(runs.status, { load: async () => (await import('./commands/status.js')).showStatus }),
  command(runs.attach, { load: async () => (await import('./commands/attach.js')).attachToRun }),
  command(runs.logs, { load: async () => (await import('./commands/attach.js')).showLogs }),
  command(runs.stop, { load: async () => (await import('./commands/tell.js')).stopRuns }),
  command(runs.tell, { load: async () => (await import('./commands/tell.js')).tellRun }),
  command(training.replay, { load: async () => (await import('./commands/replay.js')).replayRun }),
  command(files.check, { load: async () => (await import('./commands/check.js')).checkFiles }),
  command(files.plan, {
    load: async () => (await import('./commands/plan.js')).showPlan,
    engineOf: ({ time, engine = 'auto' }) => (time === true ? engine : undefined),
  }),
  command(sweeps.sweep, {
    load: async () => (await import('./commands/sweep.js')).runSweep,
    verbs: [
      command(sweeps.sweepStatus, {
        load: async () => (await import('./commands/sweep-begun.js')).showSweepStatus,
      }),
      command(sweeps.sweepStop, { load: async () => (await import('./commands/sweep-begun.js')).stopSweep }),
      command(sweeps.sweepReport, {
        load: async () => (await import('./commands/sweep-report.js')).reportSweep,
      }),
      command(sweeps.sweepLogs, {
        load: async () => (await import('./commands/sweep-pilots.js')).showSweepLogs,
      }),
      command(sweeps.sweepWork, {
        load: async () => (await import('./commands/sweep-pilots.js')).workOnSweep,
      }),
    ],
  }),
  command(results.compare, { load: async () => (await import('./commands/compare.js')).compareResults }),
  command(results.report, { load: async () => (await import('./commands/report.js')).reportRun }),
  command(files.diff, { load: async () => (await import('./commands/diff.js')).diffPlans }),
  command(results.exporting, { load: async () => (await import('./commands/export.js')).exportRun }),
  command(results.predict, {
    load: async () => (await import('./commands/predict.js')).predictImages,
    engineOf: ({ engine = 'auto' }) => engine,
  }),
  command(results.evaluate, {
    load: async () => (await import('./commands/evaluate.js')).evaluateAgain,
    engineOf: ({ engine = 'auto' }) => engine,
  }),
  command(files.preview, { load: async () => (await import('./commands/preview.js')).previewViews }),
  command(files.profile, { load: async () => (await import('./commands/profile.js')).profileExperiment }),
  command(files.compile, { load: async () => (await import('./commands/compile.js')).compileToStage }),
  command(program.explain, { load: async () => (await import('./commands/explain.js')).explainCode }),
  command(program.parity, {
    load: async () => (await import('./commands/parity.js')).compareWithGolden,
    engineOf: ({ engine = 'all' }) => engine,
  }),
  command(program.doctor, { load: async () => (await import('./commands/doctor.js')).examineMachine }),
  command(data.data, {
    load: async () => (await import('./commands/data.js')).missingAction,
    verbs: [
      command(data.dataCheck, { load: async () => (await import('./data/check.js')).checkDataOf }),
      command(data.dataDraw, { load: async () => (await import('./data/draw.js')).saveDraw }),
      command(data.dataGet, { load: async () => (await import('./data/get.js')).getData }),
    ],
  }),
  command(engines.engine, {
    load: async () => (await import('./engines/list.js')).listEngines,
    verbs: [
      command(engines.engineList, { load: async () => (await import('./engines/list.js')).listEngines }),
      command(engines.engineInstall, {
        load: async () => (await import('./engines/install.js')).installEngine,
      }),
      command(engines.engineTest, { load: async () => (await import('./engines/test.js')).testEngines }),
      command(engines.engineRemove, { load: async () => (await import('./engines/remove.js')).removeEngine }),
    ],
  }),
  command(program.completion, {
    load: async () => (await import('./commands/completion.js')).printCompletion,
  }),
]

/** Every command, those behind another one after it. */
export const allCommands: readonly Command[] = commands.flatMap((each) => [each, ...each.verbs])

export const commandNames: readonly string[] = commands.map(({ declared }) => declared.name)

/** The word that calls a command behind another one: `status` of `sweep status`. */
export function verbOf({ declared }: Command): string {
  return declared.name.slice(declared.name.indexOf(' ') + 1)
}
