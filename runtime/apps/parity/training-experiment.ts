// The experiment of a golden case of kind `training`: the step of the method. Its two mixes are fed the same
// (already mixed) images from both streams, which both forms of mixing give back unchanged, so only their
// labels are mixed.
import type { Plan } from '../../../compiler/plan/plan.js'
import { treatmentOf } from './contrastive.js'
import { compileCase, countsOfAll, countsOfFirst } from './experiment.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, numberOf, numbersOf, tensorOf } from './golden-case.js'

/**
 * Views in the order of the golden `inputs`: what mixup and cutmix are fed, then the two of the contrastive
 * branch.
 */
export const viewNames = ['for_mixup', 'for_cutmix', 'second', 'third'] as const

/** @throws RunError SAU7502 when the settings make no experiment, or do not fit the tensors. */
export function trainingPlan(golden: GoldenCase): Plan {
  const [, passes = 0, batch = 0, height = 0, width = 0, channels = 0] = tensorOf(golden, 'inputs').shape
  if (passes !== viewNames.length)
    throw malformedCase(`${golden.file}: 'inputs' holds ${passes} passes, not 4`)
  if (batch !== numberOf(golden, 'batch'))
    throw malformedCase(`${golden.file}: 'inputs' holds another batch size`)
  const classes = numberOf(golden, 'classes')
  const enough = countsOfAll(batch, classes)
  return compileCase(golden, text(golden), {
    image: { height, width, channels },
    counts: { real: enough, synthetic: enough, test: countsOfFirst(batch, classes) },
  })
}

const text = (golden: GoldenCase): string => `sau 1

experiment "A golden case"

dataset real      = image_folder("real")
dataset synthetic = image_folder("synthetic", origin: synthetic)
dataset train     = both(real, synthetic)
dataset test      = image_folder("test")

${viewNames.map((name) => `view ${name} = crop`).join('\n')}

network net = cifar_resnet(blocks: [${numbersOf(golden, 'blocks').join(', ')}], width: ${numberOf(golden, 'width')}) {
  head fc            = linear(classes)
  head contrast_head = mlp(${['hidden', 'hidden', 'features'].map((name) => numberOf(golden, name)).join(', ')}) |> l2_normalize
}

stream a = shuffle(train)
stream b = shuffle(train)
memory prototypes = class_means(net.contrast_head, over: real, views: [second, third])

branch unaware {
  let blended = mixup(a.for_mixup, b.for_mixup)
  let pasted  = cutmix(a.for_cutmix, b.for_cutmix, target: drawn)
  loss mixup  = cross_entropy(net(blended).fc, blended.labels)
  loss cutmix = cross_entropy(net(pasted).fc, pasted.labels)
}

branch aware {
  let z         = [net(a.second).contrast_head, net(a.third).contrast_head]
  let labels    = correct(a.labels, z, origin: a.origin, against: prototypes, on_noise: ${treatmentOf(golden)})
  loss contrast = supcon(z, labels, with: prototypes, temperature: ${numberOf(golden, 'temperature')})
}

minimize unaware.mixup + unaware.cutmix + aware.contrast

train {
  epochs    = ${numberOf(golden, 'epochs_cosine')}
  batch     = ${numberOf(golden, 'batch')}
  remainder = drop
  optimizer = sgd(lr: ${numberOf(golden, 'lr')}, momentum: ${numberOf(golden, 'momentum')}, weight_decay: ${numberOf(golden, 'weight_decay')})
  schedule  = cosine
}

evaluate test { using = net.fc; metrics = [top1] }
`
