// Single mistakes for a person to make in experiments/sau.sau, each with the code that it must be told.

export interface Mistake {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly code: string
}

const mistake = (code: string, from: string, to: string): Mistake => ({
  name: `${code} ${to}`,
  from,
  to,
  code,
})

/** Each is independent of the others but for those of `dependent`, and those about the same words. */
export const mistakes: readonly Mistake[] = [
  mistake('SAU2002', 'cifar_resnet(depth', 'cifar_resnt(depth'),
  mistake('SAU3102', 'linear(classes)', 'linear(100)'),
  mistake('SAU3103', 'cutout(16)', 'cutout(40)'),
  mistake('SAU3203', 'mlp(2048, 2048, 128, norm: batch) |> l2_normalize', 'mlp(2048, 128, norm: batch)'),
  mistake('SAU2003', 'crop(padding: 4) |> flip |> normalize', 'crop(pading: 4) |> flip |> normalize'),
  mistake('SAU2002', 'autoaugment(cifar10)', 'autoagment(cifar10)'),
  mistake('SAU2019', '|> cutout(16) |> normalize(cifar10)', '|> cutout(16) |> normalize(cifar11)'),
  mistake('SAU3004', 'maybe(0.8,', 'maybe(80,'),
  mistake('SAU3003', 'gaussian_blur(0.1..2.0)', 'gaussian_blur(2.0..0.1)'),
  mistake('SAU3005', 'scale: 0.2..1.0', 'scale: 0.2..1.5'),
  mistake('SAU2001', 'stream b = shuffle(train)', 'stream b = shuffle(trein)'),
  mistake('SAU2003', 'longtail(profile: exp', 'longtail(profle: exp'),
  mistake('SAU2013', ', split: test)', ')'),
  mistake('SAU4001', 'cifar-10-synthetic"', 'cifar-10-synthetik"'),
  mistake('SAU2005', 'mixup(a.plain', 'mixup(a.plian'),
  mistake('SAU3005', 'b.plain, alpha: 1.0, target', 'b.plain, alpha: 0, target'),
  mistake('SAU3202', 'net(pasted).logits', 'net(pasted).embedding'),
  mistake('SAU3206', 'blended).logits, blended.labels', 'blended).logits, pasted.labels'),
  mistake('SAU3002', 'every: 1 epoch)', 'every: 1 step)'),
  mistake('SAU3005', 'temperature: 0.1', 'temperature: 0'),
  mistake('SAU2005', 'aware.contrast', 'aware.contras'),
  mistake('SAU2003', 'momentum: 0.9', 'momentun: 0.9'),
  mistake('SAU2004', 'schedule  = cosine', 'schedul   = cosine'),
  mistake('SAU3005', 'batch     = 128', 'batch     = 0'),
  mistake('SAU3303', 'medium: 21..100', 'medium: 20..100'),
  mistake('SAU2005', 'using   = net.logits', 'using   = net.logit'),
  mistake('SAU3006', '= 32         in', '= 33         in'),
  mistake('SAU2006', 'width    : int ', 'width    : itn '),
  mistake('SAU2002', 'fill(real, from', 'fil(real, from'),
  mistake('SAU2001', 'fill(real, from: synthetic', 'fill(real, from: synthetc'),
  mistake('SAU2002', '= image_folder(data', '= image_foldr(data'),
  mistake('SAU2002', '|> longtail(', '|> longtial('),
  mistake('SAU3001', 'over: real', 'over: sim'),
  mistake('SAU2002', 'class_means(', 'clas_means('),
  mistake('SAU2005', 'class_means(net.embedding', 'class_means(net.embeding'),
  mistake('SAU2001', 'views: [strong, sim]', 'views: [strong, simm]'),
  mistake('SAU2002', '|> flip |> autoaugment', '|> turned(3) |> autoaugment'),
  mistake('SAU2001', 'maybe(0.2, grayscale)', 'maybe(0.2, pale_colours)'),
  mistake('SAU3005', 'color_jitter(0.4, 0.4, 0.4, 0.1)', 'color_jitter(0.4, 0.4, 0.4, 0.8)'),
  mistake('SAU2002', 'cutmix(a.plain', 'cutmx(a.plain'),
  mistake('SAU2002', 'net(blended).logits', 'nett(blended).logits'),
  mistake('SAU2002', 'cross_entropy(net(pasted)', 'cross_entrpy(net(pasted)'),
  mistake('SAU2001', 'net(pasted)', 'net(pastd)'),
  mistake('SAU2005', 'net(a.sim).embedding]', 'net(a.simm).embedding]'),
  mistake('SAU2019', 'on_noise: strategy', 'on_noise: strategie'),
  mistake('SAU2002', 'supcon(z, labels', 'supcn(z, labels'),
  mistake('SAU2013', 'supcon(z, labels, with', 'supcon(z, with'),
  mistake('SAU3007', '1.0 * aware', '"1" * aware'),
  mistake('SAU2002', 'sgd(lr: rate', 'sgdd(lr: rate'),
  mistake('SAU2016', '  epochs    = epochs\n', ''),
  mistake('SAU2001', 'evaluate test', 'evaluate tset'),
  mistake('SAU2001', '[top1, top5', '[top1, topfive'),
  mistake('SAU3002', 'every   = 1 epoch', 'every   = 1'),
]

/** Pairs of which one must be mended before anything can be said of the other. */
export const dependent: ReadonlySet<string> = new Set([
  // Nobody knows what size of image an unknown operation leaves.
  'cutout(40) & |> turned(3) |> autoaugment',
])
