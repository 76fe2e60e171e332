// What TensorBoard's HParams tab shows of a run: its params and the main choices of its plan, and which
// scalars are its results.
import { metricsAskedBy } from '../../../compiler/plan/metric-table.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { RunEnded, RunStarted } from '../../run/journal/events.js'
import type { HParamValue, SummaryValue } from './messages.js'
import { evaluationName } from './tags.js'

type Setting = string | number | boolean

/** Params under their names, what every plan has under `train.`: no param has a dot in its name. */
function settingsOf(plan: Plan, started: RunStarted): Readonly<Record<string, Setting>> {
  const { epochs, batch, optimizer, precision, schedule } = plan.train
  return {
    ...started.params,
    'train.seed': plan.seed,
    'train.epochs': epochs,
    'train.batch': batch,
    'train.optimizer': optimizer.op,
    'train.rate': optimizer.rate,
    'train.weight_decay': optimizer.weightDecay,
    'train.schedule': schedule.factors.map(({ op }) => op).join(' |> '),
    'train.precision': precision,
  }
}

/** Tags of the scalars whose last values are the results. Recalls of classes would be too many columns. */
function resultTags(started: RunStarted): readonly string[] {
  const ofEvaluations = started.evaluations.flatMap(({ dataset, metrics }, position) => {
    const tag = `val/${evaluationName(started, position, dataset)}`
    return metricsAskedBy(metrics).map((metric) => `${tag}/${metric}`)
  })
  return ['train/loss', ...ofEvaluations]
}

/** The columns, and the run's values in them; `time` in milliseconds since 1970. */
export function hparamsAtStart(plan: Plan, started: RunStarted, time: number): readonly SummaryValue[] {
  const settings = Object.entries(settingsOf(plan, started))
  const experiment = {
    timeCreatedSecs: time / 1000,
    hparamInfos: settings.map(([name, value]) => ({ name, type: dataType(value) })),
    metricInfos: resultTags(started).map((tag) => ({
      name: { group: '', tag },
      // DATASET_TRAINING, DATASET_VALIDATION
      datasetType: tag.startsWith('train/') ? 1 : 2,
    })),
  }
  const hparams = Object.fromEntries(settings.map(([name, value]) => [name, hparamValue(value)]))
  return [
    { tag: '_hparams_/experiment', kind: 'hparams', content: { experiment } },
    {
      tag: '_hparams_/session_start_info',
      kind: 'hparams',
      content: { sessionStartInfo: { startTimeSecs: time / 1000, hparams } },
    },
  ]
}

/**
 * How the run ended, where that is for good. TensorBoard keeps the first thing that it hears of this, so a
 * run that may still be resumed says nothing.
 */
export function hparamsAtEnd({ outcome }: RunEnded, time: number): readonly SummaryValue[] {
  if (outcome !== 'done' && outcome !== 'diverged') return []
  // STATUS_SUCCESS, STATUS_FAILURE
  const status = outcome === 'done' ? 1 : 2
  const content = { sessionEndInfo: { status, endTimeSecs: time / 1000 } }
  return [{ tag: '_hparams_/session_end_info', kind: 'hparams', content }]
}

/** DATA_TYPE_STRING, DATA_TYPE_BOOL, DATA_TYPE_FLOAT64 */
function dataType(value: Setting): 1 | 2 | 3 {
  if (typeof value === 'string') return 1
  return typeof value === 'boolean' ? 2 : 3
}

function hparamValue(value: Setting): HParamValue {
  if (typeof value === 'string') return { stringValue: value }
  return typeof value === 'boolean' ? { boolValue: value } : { numberValue: value }
}
