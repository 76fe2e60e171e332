// A sweep on its way, for the screens: some runs done, two running, one failed, one setting pruned, the rest
// waiting.
import { defaultGoal, evaluationReader, valuesByEpoch } from '../../../../runtime/apps/sweep/results.js'
import { type InstanceView, type SweepView, sweepReader } from '../../../../runtime/apps/sweep/state.js'
import { lineText } from '../../../../runtime/observe/tui/spans.js'
import { drawSweepFrame, type SweepFrameRequest } from '../../../../runtime/observe/tui/sweep/frame.js'
import { initialSweepScreen } from '../../../../runtime/observe/tui/sweep/keys.js'
import { themeFor } from '../../../../runtime/observe/tui/theme.js'
import { makeSweep } from '../../../apps/sweep/made-sweep.js'

export function madeView(root: string): SweepView {
  const { folder } = makeSweep(root, {
    epochs: 8,
    resultOf: ({ number, setting, seed = 0 }) => {
      if (number > 13) return undefined
      const epochs = number < 9 ? 8 : number - 7
      const best = 0.35 + ((setting * 7) % 12) / 40 + seed / 300
      const top1 = Array.from({ length: epochs }, (_, epoch) => best * (1 - 0.7 ** (epoch + 1)))
      return { top1, ...(number < 9 ? {} : { ending: 'none' as const }) }
    },
    events: [
      { event: 'pool_started', pool: 'made', pid: 7, host: 'lab', parallel: 2, threads: 4, program: 'test' },
    ],
  })
  const view = sweepReader(folder).read()
  return {
    ...view,
    folder: '/runs/grid-sweep',
    pools: [{ pool: 'made', owner: { life: 'alive', pid: 7, host: 'lab', silence: 0 } }],
    instances: view.instances.map(onItsWay),
  }
}

function onItsWay(view: InstanceView): InstanceView {
  const { number } = view.instance
  const status = view.status && paced(view.status, number < 9 ? 8 : number - 7)
  if (number === 4) {
    return {
      ...view,
      status,
      state: 'failed',
      failures: 2,
      reason: 'SAU7301: the loss is not a number after step 41',
    }
  }
  if (number === 6 || number === 7)
    return { ...view, status, state: 'pruned', reason: 'median after epoch 4' }
  if (number === 9 || number === 10) return { ...view, status, state: 'running', reason: undefined }
  if (number === 11) return { ...view, status, state: 'stopped', reason: 'stopped after a checkpoint' }
  return { ...view, status }
}

function paced(status: NonNullable<InstanceView['status']>, epochsDone: number) {
  const pace = { recent: [12], since: undefined, sinceStep: 0 }
  return { ...status, progress: epochsDone / 8, view: { ...status.view, epochsDone, pace } }
}

export type SweepFrameChoice = Partial<
  Pick<SweepFrameRequest, 'screen' | 'note' | 'acts' | 'columns' | 'rows'>
> & { readonly colour?: boolean; readonly unicode?: boolean }

export function sweepFrameTexts(view: SweepView, choice: SweepFrameChoice): readonly string[] {
  const reader = evaluationReader()
  const { colour = true, unicode = true, ...rest } = choice
  return drawSweepFrame({
    view,
    goal: defaultGoal,
    screen: initialSweepScreen,
    note: undefined,
    acts: true,
    curveOf: ({ status, runFolder }) =>
      status === undefined ? [] : valuesByEpoch(reader.read(runFolder, 0), 'top1'),
    columns: 80,
    rows: 24,
    theme: themeFor({ colour, unicode }),
    ...rest,
  }).map(lineText)
}
