// All functions of the language. Adding one: declare it in its group's file and list it there.
import { both } from './both.js'
import { contrastiveFunctions } from './contrastive.js'
import { dataSources } from './data-sources.js'
import { dataTransforms } from './data-transforms.js'
import type { FunctionDeclaration, FunctionGroup } from './declaration.js'
import { fillFunctions } from './fill.js'
import { longtail } from './longtail.js'
import { metricFunctions } from './metrics.js'
import { backboneFunctions, headFunctions } from './networks.js'
import { stepFunctions } from './steps.js'
import { memoryFunctions, streamFunctions } from './streams-and-memories.js'
import { optimizerFunctions, scheduleFunctions } from './training.js'
import { viewFunctions } from './views.js'

export const functions: readonly FunctionDeclaration[] = [
  ...dataSources,
  longtail,
  ...dataTransforms,
  ...fillFunctions,
  both,
  ...viewFunctions,
  ...backboneFunctions,
  ...headFunctions,
  ...streamFunctions,
  ...memoryFunctions,
  ...stepFunctions,
  ...contrastiveFunctions,
  ...scheduleFunctions,
  ...optimizerFunctions,
  ...metricFunctions,
]

const byName = new Map<string, FunctionDeclaration[]>()
for (const declaration of functions) {
  byName.set(declaration.name, [...(byName.get(declaration.name) ?? []), declaration])
}

/** Functions of a name, one per group at most. */
export function functionsNamed(name: string): readonly FunctionDeclaration[] {
  return byName.get(name) ?? []
}

export function functionIn(group: FunctionGroup, name: string): FunctionDeclaration | undefined {
  return functionsNamed(name).find((declaration) => declaration.group === group)
}

/** Names of one group, or of all functions. */
export function functionNames(group?: FunctionGroup): string[] {
  return functions.filter((declaration) => !group || declaration.group === group).map(({ name }) => name)
}
