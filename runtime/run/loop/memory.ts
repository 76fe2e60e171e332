// Renewing memories before an epoch.
import type { MemoryPlan, Plan } from '../../../compiler/plan/plan.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { Tensor } from '../../platform/tensor.js'
import { entryOf, padImages } from './feeding.js'
import type { Training } from './training.js'

/** Whether a memory is renewed before this epoch: the first always is. */
export function isDue(memory: MemoryPlan, epoch: number): boolean {
  return epoch % memory.every.value === 0
}

/**
 * Class means of a head over all images of `over`, one per view through fresh draws of the view: [classes,
 * views, size]. In evaluation mode; summed in float64 in record order; not re-normalized (method.md,
 * "prototypes").
 * @throws RunError SAU7203 (exit 6) when a mean is not finite.
 */
export async function renewMemory(training: Training, position: number, epoch: number): Promise<void> {
  const { plan, program, executable, batches, data } = training
  const memory = plan.memories[position]
  const dataset = memory === undefined ? undefined : data.datasets[memory.over]
  if (memory === undefined || dataset === undefined) throw new TypeError(`there is no memory ${position}`)
  const { classes, size, views } = memory
  const sums = new Float64Array(classes * views.length * size)
  const images = new Float64Array(classes)
  for (const label of dataset.labels) images[label] = (images[label] as number) + 1
  for (const [v, view] of views.entries()) {
    const entry = `memory:${position}:${v}`
    const input = entryOf(program, entry).inputs.find(({ name }) => name === 'images')
    if (input === undefined) throw new TypeError(`entry '${entry}' takes no images`)
    const batch = input.type.shape[0] ?? 1
    const sweep = batches.sweep({ dataset: memory.over, view: { view }, purpose: 'memory', epoch, batch })
    for await (const part of sweep) {
      const outputs = await executable.run(entry, { images: padImages(part.images, input.type.shape) })
      const embedding = outputs.output?.data
      if (embedding === undefined) throw new TypeError(`entry '${entry}' gives no output`)
      for (const [row, record] of part.indices.entries()) {
        const start = ((dataset.labels[record] as number) * views.length + v) * size
        for (let d = 0; d < size; d++) {
          sums[start + d] = (sums[start + d] as number) + (embedding[row * size + d] as number)
        }
      }
      await training.control.breathe()
    }
  }
  for (const [at, total] of sums.entries()) {
    const mean = total / (images[Math.floor(at / (views.length * size))] as number)
    if (!Number.isFinite(mean)) throw diverged(memory.name, epoch)
    sums[at] = mean
  }
  const value: Tensor = {
    dtype: 'float32',
    shape: [classes, views.length, size],
    data: training.rounded(sums),
  }
  await executable.write({ [memoryVariable(plan, position)]: value })
}

/** Name of the state variable that holds a memory. */
export function memoryVariable(plan: Plan, position: number): string {
  return `memory.${plan.memories[position]?.name}`
}

function diverged(memory: string, epoch: number): RunError {
  return new RunError(
    'SAU7203',
    `memory '${memory}' has no finite class means before epoch ${epoch}: the weights have diverged`,
    'lower the learning rate, or warm it up: `schedule = cosine |> warmup(5 epochs)`',
    exitCodes.diverged,
  )
}
