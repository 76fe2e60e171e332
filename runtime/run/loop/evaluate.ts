// One evaluation: a whole dataset through its view and one head, in evaluation mode.
import { exitCodes, RunError } from '../../platform/errors.js'
import { entryOf, padImages } from './feeding.js'
import { addImage, type Evaluation, measures, metricSums } from './metrics.js'
import type { Training } from './training.js'

/** What an evaluation works with. */
export type EvaluationWork = Pick<Training, 'plan' | 'program' | 'executable' | 'batches' | 'data'> & {
  readonly control: Pick<Training['control'], 'breathe'>
}

/**
 * Runs evaluation `position` of the Plan on the present weights.
 * @throws RunError SAU7202 (exit 6) when the network gives something that is not a number.
 */
export async function evaluate(
  training: EvaluationWork,
  position: number,
  epoch: number,
): Promise<Evaluation> {
  const { plan, program, executable, batches, data } = training
  const evaluation = plan.evaluations[position]
  const dataset = evaluation === undefined ? undefined : data.datasets[evaluation.dataset]
  if (evaluation === undefined || dataset === undefined)
    throw new TypeError(`there is no evaluation ${position}`)
  const started = performance.now()
  const entry = `evaluate:${position}`
  const input = entryOf(program, entry).inputs.find(({ name }) => name === 'images')
  if (input === undefined) throw new TypeError(`entry '${entry}' takes no images`)
  const batch = input.type.shape[0] ?? 1
  const classes = dataset.plan.classes.length
  const sums = metricSums(evaluation, classes)
  const sweep = batches.sweep({
    dataset: evaluation.dataset,
    view: { evaluation: position },
    purpose: 'evaluation',
    epoch,
    batch,
  })
  for await (const { indices, images } of sweep) {
    const outputs = await executable.run(entry, { images: padImages(images, input.type.shape) })
    const logits = outputs.output?.data
    if (logits === undefined) throw new TypeError(`entry '${entry}' gives no output`)
    for (const [row, record] of indices.entries()) {
      const loss = addImage(sums, logits, row * classes, dataset.labels[record] as number)
      if (!Number.isFinite(loss)) throw diverged(dataset.plan.name, epoch, record)
    }
    await training.control.breathe()
  }
  return {
    event: 'evaluated',
    epoch,
    evaluation: position,
    dataset: dataset.plan.name,
    ...measures(evaluation, sums),
    seconds: (performance.now() - started) / 1000,
  }
}

function diverged(dataset: string, epoch: number, record: number): RunError {
  return new RunError(
    'SAU7202',
    `the network gives no finite numbers on '${dataset}' (record ${record}) after epoch ${epoch}: its weights have diverged`,
    'lower the learning rate, or warm it up: `schedule = cosine |> warmup(5 epochs)`',
    exitCodes.diverged,
  )
}
