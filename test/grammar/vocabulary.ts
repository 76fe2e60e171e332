// Names of the language for random programs, so that the checker meets what it knows as well as what it does
// not.

export const functionNames = {
  data: [
    'cifar10',
    'cifar100',
    'idx',
    'image_folder',
    'shapes',
    'longtail',
    'fill',
    'take',
    'only',
    'split',
    'resize',
  ],
  views: [
    'crop',
    'resized_crop',
    'center_crop',
    'resize',
    'flip',
    'color_jitter',
    'grayscale',
    'gaussian_blur',
    'autoaugment',
    'randaugment',
    'cutout',
    'normalize',
    'maybe',
  ],
  networks: ['cifar_resnet', 'linear', 'cosine', 'mlp', 'l2_normalize'],
  steps: ['mixup', 'cutmix', 'correct', 'supcon', 'cross_entropy', 'class_means', 'shuffle'],
  training: ['constant', 'cosine', 'multistep', 'linear', 'warmup', 'sgd', 'adam', 'adamw'],
  metrics: ['top1', 'top5', 'per_class', 'confusion', 'shots', 'ece'],
} as const

export const allFunctionNames: readonly string[] = [...new Set(Object.values(functionNames).flat())]

export const valueNames: readonly string[] = [
  ...[
    'real',
    'synthetic',
    'train',
    'test',
    'plain',
    'strong',
    'sim',
    'net',
    'a',
    'b',
    'prototypes',
    'labels',
  ],
  ...[
    'z',
    'blended',
    'factor',
    'depth',
    'width',
    'epochs',
    'rate',
    'data',
    'strategy',
    'classes',
    'epoch',
    'progress',
  ],
  ...[
    'step',
    'true',
    'false',
    'pos_neg',
    'drop',
    'balanced',
    'exp',
    'pad',
    'cifar10',
    'view',
    'log',
    'loss',
    'x_1',
  ],
]

export const memberNames: readonly string[] = [
  ...[
    'logits',
    'embedding',
    'plain',
    'strong',
    'sim',
    'labels',
    'origin',
    'index',
    'mixup',
    'contrast',
    'train',
  ],
]

export const argumentNames: readonly string[] = [
  ...[
    'split',
    'profile',
    'factor',
    'seed',
    'origin',
    'from',
    'to',
    'padding',
    'scale',
    'depth',
    'width',
    'shortcut',
  ],
  ...[
    'norm',
    'over',
    'views',
    'every',
    'alpha',
    'target',
    'against',
    'on_noise',
    'with',
    'temperature',
    'lr',
  ],
  ...[
    'momentum',
    'weight_decay',
    'at',
    'gamma',
    'many',
    'medium',
    'few',
    'classes',
    'per_class',
    'size',
    'noise',
  ],
]

export const fieldNames: readonly string[] = [
  ...['epochs', 'batch', 'optimizer', 'schedule', 'seed', 'remainder', 'precision', 'clip', 'using', 'every'],
  ...['metrics', 'view', 'best', 'let', 'train'],
]

export const typeNames: readonly string[] = [
  ...['int', 'float', 'bool', 'string', 'path', 'factor', 'prob', 'count', 'correction'],
]

export const unitNames: readonly string[] = [
  'epochs',
  'epoch',
  'steps',
  'step',
  'min',
  's',
  'h',
  'GiB',
  'px',
  'parsecs',
]
