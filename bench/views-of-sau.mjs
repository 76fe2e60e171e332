// The views of experiments/sau.sau as the Plan writes them, without `normalize`, which the graph does.
export const cifarViews = {
  plain: [
    { op: 'crop', padding: 4, size: 32 },
    { op: 'flip', probability: 0.5 },
  ],
  strong: [
    { op: 'crop', padding: 4, size: 32 },
    { op: 'flip', probability: 0.5 },
    { op: 'autoaugment', policy: 'cifar10' },
    { op: 'cutout', size: 16, holes: 1 },
  ],
  sim: [
    { op: 'resized_crop', size: 32, scale: [0.2, 1], ratio: [3 / 4, 4 / 3] },
    { op: 'flip', probability: 0.5 },
    {
      op: 'maybe',
      probability: 0.8,
      operations: [{ op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }],
    },
    { op: 'maybe', probability: 0.2, operations: [{ op: 'grayscale' }] },
    { op: 'maybe', probability: 0.5, operations: [{ op: 'gaussian_blur', sigma: [0.1, 2] }] },
  ],
}

// The views of ImageNet-LT, of the published SAU code.
const imageNetCrop = [
  { op: 'resized_crop', size: 224, scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
  { op: 'flip', probability: 0.5 },
]

export const imageNetViews = {
  first: [
    ...imageNetCrop,
    { op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 },
    {
      op: 'randaugment',
      count: 2,
      magnitude: 10,
      deviation: 0.5,
      fill: [124, 116, 104],
      increasing: false,
    },
  ],
  second: [
    ...imageNetCrop,
    {
      op: 'maybe',
      probability: 0.8,
      operations: [{ op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }],
    },
    { op: 'maybe', probability: 0.2, operations: [{ op: 'grayscale' }] },
  ],
  test: [
    { op: 'resize', size: 256 },
    { op: 'center_crop', size: 224 },
  ],
}
