// The experiment of a golden case of kind `network`: one network with one head, trained by cross-entropy on
// one view of one stream.
import type { Plan } from '../../../compiler/plan/plan.js'
import { validatePlan } from '../../../compiler/plan/schema.js'
import { compileCase, countsOfAll, countsOfFirst } from './experiment.js'
import type { GoldenCase } from './golden-case.js'
import { jsonOf, malformedCase, numberOf, tensorOf } from './golden-case.js'

/**
 * The text has a network of the case's stages; the case's own backbone, which may be one that no function of
 * the language makes, takes its place in the Plan.
 * @throws RunError SAU7502 when the settings of the case are none of a network, or do not fit its tensors.
 */
export async function networkPlan(golden: GoldenCase): Promise<Plan> {
  const [, batch = 0, height = 0, width = 0, channels = 0] = tensorOf(golden, 'images').shape
  const classes = numberOf(golden, 'classes')
  const backbone = jsonOf(golden, 'backbone')
  const plan = compileCase(golden, text(golden, batch, stagesOf(backbone)), {
    image: { height, width, channels },
    counts: { train: countsOfAll(batch, classes), test: countsOfFirst(batch, classes) },
  })
  // A case is a file that anyone may write: what it says of a network is checked.
  const networks = plan.networks.map((network) => ({ ...network, backbone }))
  const checked = await validatePlan({ ...plan, networks })
  if ('plan' in checked) return checked.plan
  throw malformedCase(`${golden.file}: ${checked.faults[0] ?? 'it describes no network'}`)
}

const text = (golden: GoldenCase, batch: number, stages: readonly unknown[]): string => `sau 1

experiment "A golden case"

dataset train = image_folder("train")
dataset test  = image_folder("test")

view plain = crop

network net = cifar_resnet(blocks: [${stages.join(', ')}]) {
  head fc = ${head(golden)}
}

stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).fc, a.labels) }
minimize only.ce

train {
  epochs    = 1
  batch     = ${batch}
  remainder = drop
  optimizer = sgd(lr: ${numberOf(golden, 'lr')}, momentum: ${numberOf(golden, 'momentum')}, weight_decay: ${numberOf(golden, 'weight_decay')})
  ${freeze(golden)}
}

evaluate test { using = net.fc; metrics = [top1] }
`

function head(golden: GoldenCase): string {
  const { op, scale } = fieldsOf(jsonOf(golden, 'head'))
  return op === 'cosine' ? `cosine(classes, scale: ${scale})` : 'linear(classes)'
}

function freeze(golden: GoldenCase): string {
  if (golden.metadata.frozen === undefined) return ''
  const { backbone, heads } = fieldsOf(jsonOf(golden, 'frozen'))
  return `freeze = [${[...listOf(backbone), ...listOf(heads)].map((part) => `net.${part}`).join(', ')}]`
}

const stagesOf = (backbone: unknown): readonly unknown[] => listOf(fieldsOf(backbone).blocks)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
