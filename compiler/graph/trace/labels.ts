// Labels as a step knows them. The three kinds are different types of the language too.
import type { Tensor } from '../builder.js'

export type Labels =
  /** Class of each sample, int32 [n]. */
  | { readonly kind: 'hard'; readonly classes: Tensor; readonly classCount: number }
  /** A distribution for each sample, float32 [n, classes]. */
  | { readonly kind: 'soft'; readonly weights: Tensor }
  /**
   * What label correction leaves: int32 [n] with negative values for noise, and which samples (bool [n]) are
   * anchors of the contrastive loss and which are compared with.
   */
  | {
      readonly kind: 'corrected'
      readonly classes: Tensor
      readonly anchors: Tensor
      readonly contrasts: Tensor
    }
