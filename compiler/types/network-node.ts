// Networks and their heads while a program is checked.
import type { HeadDeclaration } from '../../grammar/syntax.js'
import type { Location } from '../diagnostics/reporter.js'
import type { Backbone } from '../plan/plan.js'
import type { DatasetNode } from './dataset-node.js'
import type { LayersValue } from './value.js'
import type { KnownImage, ViewIdentity } from './view-step.js'

export interface HeadNode {
  readonly name: string
  readonly at: Location
  /** Undefined where something is wrong with it. */
  readonly layers: LayersValue | undefined
  readonly output:
    | {
        readonly kind: 'logits' | 'embedding'
        /** Undefined where a layer is wrong. */
        readonly size: number | undefined
        readonly unitLength: boolean
      }
    | undefined
}

/**
 * A network and what it is bound to: the first batch that reaches it gives it its classes and its input size.
 */
export interface NetworkNode {
  readonly name: string
  readonly at: Location
  /** Undefined where it is wrong. */
  readonly backbone: Backbone | undefined
  /** Heads as they are written, those of a copied network among them. */
  readonly declarations: ReadonlyMap<string, { readonly node: HeadDeclaration; readonly file: string }>
  /** Heads that have been checked. */
  readonly heads: Map<string, HeadNode>
  binding: NetworkBinding | undefined
}

export interface NetworkBinding {
  readonly dataset: DatasetNode
  readonly view: ViewIdentity
  /** Undefined where the view is wrong. */
  readonly input: KnownImage | undefined
  /** The call that brought them. */
  readonly call: Location
}
