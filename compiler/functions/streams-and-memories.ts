// The order in which data is drawn, and what outlives a step.

import { type Location, labelled } from '../diagnostics/reporter.js'
import { describeValue } from '../types/describe.js'
import { types } from '../types/type.js'
import { unknownDataset, unknownMemory, unknownStream } from '../types/unknown.js'
import type { ViewValue } from '../types/value.js'
import type { ViewIdentity } from '../types/view-step.js'
import { applyView, checkInputSize } from './applied-view.js'
import { checkClassesFilled, checkSameClasses } from './class-agreement.js'
import { declareFunction, defaulting, required, type Slot } from './declaration.js'
import { only, quantity, reportMismatch } from './slots.js'

const dataset = only('dataset', types.dataset)

const shuffle = declareFunction({
  name: 'shuffle',
  group: 'stream',
  doc: 'Every image once per epoch, in a new random order each time.',
  parameters: { d: required(dataset, 'the images') },
  result: types.stream,
  recover: (a, call) => ({ ...unknownStream(call.at), ...(a.d && { dataset: a.d.dataset }) }),
  apply(a, call) {
    checkClassesFilled(call.context, a.d.dataset, call.where.d, 'drawn from here')
    return { kind: 'stream', dataset: a.d.dataset, identity: undefined }
  },
})

/** Views with names, each with its place in the list. */
const namedViews: Slot<
  readonly { readonly view: ViewValue; readonly identity: ViewIdentity; readonly at: Location }[]
> = {
  type: { kind: 'list', of: types.view },
  take(value, site) {
    if (value.kind !== 'list' || value.items.length === 0) return reportMismatch(site, namedViews.type, value)
    const taken = value.items.map(({ value: item, at }) => {
      if (item.kind === 'view' && item.identity) return { view: item, identity: item.identity, at }
      if (item.kind !== 'error') {
        site.context.reporter.report('SAU3001', {
          gaps: {
            subject: site.subject,
            expected: 'views with names',
            found: item.kind === 'view' ? 'a chain without a name' : describeValue(item),
          },
          labels: [labelled(at)],
          help: 'declare it: `view name = ...`',
        })
      }
      return undefined
    })
    const complete = taken.filter((item) => item !== undefined)
    return complete.length === taken.length ? complete : undefined
  },
}

const classMeans = declareFunction({
  name: 'class_means',
  group: 'memory',
  doc: 'The mean of a head over the images of each class, one per view: in evaluation mode, through fresh draws of the views, renewed before every `every`-th epoch, the first included.',
  parameters: {
    head: required(only('head', types.head), 'the head that is averaged'),
    over: required(dataset, 'the images that are averaged over'),
    views: required(namedViews, 'the views, one mean each'),
    every: defaulting(quantity('epochs', '1 epoch'), 1, 'how often they are renewed', '1 epoch'),
  },
  result: { kind: 'prototypes', classes: { variable: 'K' }, size: { variable: 'd' } },
  recover(a, call) {
    const over = a.over?.dataset ?? unknownDataset(call.at)
    return unknownMemory(call.at, {
      network: a.head?.network,
      head: a.head?.head,
      over,
      views: a.views?.map(({ view, identity, at }) =>
        applyView(call.context, view.operations, identity, over, at),
      ),
    })
  },
  apply(a, call) {
    const { context, where } = call
    const { network, head } = a.head
    const over = a.over.dataset
    const binding = context.binding(network)
    if (!binding) context.untrained(network, where.head)
    checkClassesFilled(context, over, where.over, 'averaged here')
    if (binding) checkSameClasses(context, binding.dataset, over, where.over)
    const views = a.views.map(({ view, identity, at }) => {
      const applied = applyView(context, view.operations, identity, over, at)
      if (binding) checkInputSize(context, applied, network, binding, at)
      return applied
    })
    return { kind: 'memory', network, head, over, views, everyEpochs: a.every, identity: undefined }
  },
})

export const streamFunctions = [shuffle]
export const memoryFunctions = [classMeans]
