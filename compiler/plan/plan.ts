// The Plan: one experiment as plain JSON, with every param resolved and every class counted. It is the
// contract between the compiler and the runner, and its hash is the identity of the experiment. Nothing in it
// depends on a machine: no absolute path, no engine, no worker count.
//
// Fields that the schema calls `outside` are for people, and no part of the identity: where something stands
// or lies, titles.

import type { DatasetOperation } from './dataset-operations.js'
import type { GroupMetric, PlainMetric } from './metric-table.js'
import type { Scalar } from './scalar.js'
import type { SourcePlan } from './sources.js'
import type { StepOperation } from './step-operations.js'

/** Where in the source text something comes from. */
export interface Place {
  /** Path of the file as the user named it, relative to the experiment's own folder. */
  readonly file: string
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
}

export interface Plan {
  readonly plan: 1
  /** Version of the language that gave it its meaning. */
  readonly language: 1
  readonly title: string
  /** Resolved `train.seed`; all omitted seeds are derived from it. */
  readonly seed: number
  /** Params as they were resolved, for reports and comparisons: what they change is in the rest. */
  readonly params: readonly ParamValue[]
  readonly sources: readonly SourcePlan[]
  readonly datasets: readonly DatasetPlan[]
  readonly views: readonly ViewPlan[]
  readonly networks: readonly NetworkPlan[]
  readonly streams: readonly StreamPlan[]
  readonly memories: readonly MemoryPlan[]
  /** The step in textual order; a node refers to earlier ones by their position in this list. */
  readonly step: readonly StepNode[]
  readonly losses: readonly LossPlan[]
  readonly objective: Scalar
  readonly train: TrainPlan
  readonly evaluations: readonly EvaluationPlan[]
}

export interface ParamValue {
  readonly name: string
  readonly type: string
  readonly value: number | string | boolean
  readonly at?: Place
}

// ---- data -------------------------------------------------------------------------------------------------

export type Origin = 'real' | 'synthetic'

/**
 * Height, width and channels of every image of a dataset; `varied` where files differ (a view must make them
 * equal).
 */
export type ImageShape =
  | { readonly height: number; readonly width: number; readonly channels: number }
  | 'varied'

export interface DatasetPlan {
  /** The declared name; intermediate datasets of a chain have the name of their declaration. */
  readonly name: string
  readonly make: DatasetOperation
  readonly classes: readonly string[]
  /** Images per class, in class order. */
  readonly real: readonly number[]
  readonly synthetic: readonly number[]
  readonly image: ImageShape
  readonly split?: 'train' | 'test'
  readonly at?: Place
}

// ---- views ------------------------------------------------------------------------------------------------

export interface ViewPlan {
  readonly name: string
  readonly operations: readonly ViewOperation[]
  /** Per-channel statistics on the 0..1 scale, applied last: (x / 255 - mean) / deviation. */
  readonly normalize?: Normalization
  /** What comes out. */
  readonly output: { readonly height: number; readonly width: number; readonly channels: number }
  readonly at?: Place
}

export interface Normalization {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** Pixel operations on 8-bit images, with torchvision's and Pillow's semantics; ranges are inclusive. */
export type ViewOperation =
  | { readonly op: 'crop'; readonly padding: number; readonly size: number }
  | {
      readonly op: 'resized_crop'
      readonly size: number
      readonly scale: readonly [number, number]
      readonly ratio: readonly [number, number]
    }
  | { readonly op: 'center_crop'; readonly size: number }
  /** To `size` on the short side (torchvision Resize(int)); square images become size x size. */
  | { readonly op: 'resize'; readonly size: number }
  | { readonly op: 'flip'; readonly probability: number }
  | { readonly op: 'rotate'; readonly degrees: number }
  | {
      readonly op: 'color_jitter'
      readonly brightness: number
      readonly contrast: number
      readonly saturation: number
      readonly hue: number
    }
  | { readonly op: 'grayscale' }
  /** Pillow's GaussianBlur, its radius (sigma) drawn uniformly. */
  | { readonly op: 'gaussian_blur'; readonly sigma: readonly [number, number] }
  | { readonly op: 'autoaugment'; readonly policy: 'cifar10' | 'imagenet' | 'svhn' }
  /** timm's RandAugment: `count` operations, their magnitude normal about `magnitude`, cut off to 0..10. */
  | {
      readonly op: 'randaugment'
      readonly count: number
      readonly magnitude: number
      readonly deviation: number
      /** Colour of what comes into the image from outside, 0..255. */
      readonly fill: readonly [number, number, number]
      /** Whether every operation grows stronger with the magnitude. */
      readonly increasing: boolean
    }
  | { readonly op: 'cutout'; readonly size: number; readonly holes: number }
  | { readonly op: 'maybe'; readonly probability: number; readonly operations: readonly ViewOperation[] }

// ---- networks ---------------------------------------------------------------------------------------------

export interface NetworkPlan {
  readonly name: string
  readonly backbone: Backbone
  readonly heads: readonly HeadPlan[]
  readonly classes: number
  readonly input: { readonly height: number; readonly width: number; readonly channels: number }
  /** Derived seed of the initial weights. */
  readonly seed: number
  readonly at?: Place
}

export type Backbone = CifarResNet | ResNet

/** For small images (He et al., CVPR 2016, section 4.2). */
export interface CifarResNet {
  readonly op: 'cifar_resnet'
  /** Blocks per stage, e.g. [5, 5, 5] for depth 32. */
  readonly blocks: readonly number[]
  /** Channels of the stem and of the first stage; every later stage doubles them. */
  readonly width: number
  readonly shortcut: 'pad' | 'conv'
}

/**
 * For ImageNet, as torchvision builds it; a block that changes size passes its input on through a 1x1
 * convolution.
 */
export interface ResNet {
  readonly op: 'resnet'
  /** Blocks per stage, e.g. [3, 4, 6, 3] for depth 50. */
  readonly blocks: readonly number[]
  /**
   * Channels of the stem, and of the first stage (bottlenecks give four times as many); every later stage
   * doubles them.
   */
  readonly width: number
  readonly block:
    | { readonly kind: 'basic' }
    /**
     * `middle` channels between its 1x1 convolutions in the first stage, in `groups`; every later stage
     * doubles them.
     */
    | { readonly kind: 'bottleneck'; readonly middle: number; readonly groups: number }
  /** 7x7 with stride 2, or 3x3 with stride 1. */
  readonly stem: 'imagenet' | 'small'
  /** Whether the largest values of 3x3 windows with stride 2 follow the stem. */
  readonly pool: 'max' | 'none'
}

export interface HeadPlan {
  readonly name: string
  readonly layers: readonly HeadLayer[]
  readonly output: {
    readonly kind: 'logits' | 'embedding'
    readonly size: number
    readonly unitLength: boolean
  }
  readonly at?: Place
}

export type HeadLayer =
  | { readonly op: 'linear'; readonly size: number; readonly bias: boolean }
  /** scale * cosine between features and weight rows. */
  | { readonly op: 'cosine'; readonly size: number; readonly scale: number }
  /** linear - [BN] - ReLU for every size but the last, then linear. */
  | { readonly op: 'mlp'; readonly sizes: readonly number[]; readonly norm: 'batch' | 'none' }
  | { readonly op: 'l2_normalize' }

// ---- what a step does -------------------------------------------------------------------------------------

export interface StreamPlan {
  readonly name: string
  /** Position in `Plan.datasets`. */
  readonly dataset: number
  readonly seed: number
  readonly at?: Place
}

/**
 * Class means of a head over a dataset's views: shape [classes, views, size], renewed before every `every`-th
 * epoch.
 */
export interface MemoryPlan {
  readonly name: string
  readonly op: 'class_means'
  readonly network: number
  readonly head: string
  readonly over: number
  /** Positions in `Plan.views`. */
  readonly views: readonly number[]
  readonly every: { readonly value: number; readonly unit: 'epoch' }
  readonly classes: number
  readonly size: number
  readonly seed: number
  readonly at?: Place
}

/** A node of the step; what it refers to stands earlier in its list. */
export type StepNode = StepOperation & { readonly at?: Place }

/** `branch.name`, its value a scalar node of the step. */
export interface LossPlan {
  readonly branch: string
  readonly name: string
  /** Position in `Plan.step`. */
  readonly value: number
  readonly at?: Place
}

// ---- training and evaluation ------------------------------------------------------------------------------

export interface TrainPlan {
  readonly epochs: number
  readonly batch: number
  /**
   * Steps of an epoch, and the size of its last batch (equal to `batch` where nothing remains or it is
   * dropped).
   */
  readonly stepsPerEpoch: number
  readonly lastBatch: number
  readonly remainder: 'keep' | 'drop'
  readonly precision: NetworkPrecision
  /** Upper bound of the global gradient norm. */
  readonly clip?: number
  /** What does not train, by network in order; left out where everything trains. */
  readonly freeze?: readonly FrozenPlan[]
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  readonly at?: Place
}

/** Parts of a network that keep their weights and their running statistics. */
export interface FrozenPlan {
  /** Position in `Plan.networks`. */
  readonly network: number
  /** `stem`, `stage1`, ..., in order. */
  readonly backbone: readonly string[]
  /** Names of heads, in the order of the network. */
  readonly heads: readonly string[]
}

/**
 * The numbers between the layers of a network, and in its convolutions and products. Weights, statistics,
 * losses and updates are float32 in either.
 */
export type NetworkPrecision = 'float32' | 'bfloat16'

export type Optimizer =
  | {
      readonly op: 'sgd'
      readonly rate: number
      readonly momentum: number
      readonly nesterov: boolean
      readonly weightDecay: number
    }
  | {
      readonly op: 'adam' | 'adamw'
      readonly rate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
      readonly weightDecay: number
    }

/** A chain of factors on the optimizer's rate, multiplied. `per` says when it changes. */
export interface Schedule {
  readonly per: 'epoch' | 'step'
  readonly factors: readonly ScheduleFactor[]
}

export type ScheduleFactor =
  | { readonly op: 'constant' }
  | { readonly op: 'cosine' }
  | { readonly op: 'linear' }
  /** Epochs after which the rate is multiplied by gamma; shares of the run are already rounded to epochs. */
  | { readonly op: 'multistep'; readonly at: readonly number[]; readonly gamma: number }
  | { readonly op: 'warmup'; readonly epochs: number }

export interface EvaluationPlan {
  readonly dataset: number
  readonly network: number
  readonly head: string
  /** Evaluated after every `every`-th epoch, and after the last. */
  readonly every: { readonly value: number; readonly unit: 'epoch' }
  readonly metrics: readonly Metric[]
  /** Deterministic operations before the network. */
  readonly view: { readonly operations: readonly ViewOperation[]; readonly normalize?: Normalization }
  readonly best?: { readonly metric: PlainMetric; readonly onTestSplit: boolean }
  readonly at?: Place
}

export type Metric =
  | { readonly op: PlainMetric | 'per_class' | 'confusion' }
  | { readonly op: 'ece'; readonly bins: number }
  /** Class positions per group, by real images of `of` before filling. */
  | {
      readonly op: 'shots'
      readonly of: number
      readonly groups: readonly {
        readonly name: GroupMetric
        /** As the user wrote it, `> 100`. */
        readonly rule: string
        readonly classes: readonly number[]
      }[]
    }
