// SAU3xxx: values that do not fit where they stand: types, units, ranges, shapes, class counts, kinds of
// labels.
import { formError, message, programError } from '../message.js'

export const typeEntries = {
  // ---- plain values ----
  SAU3001: formError(message`${'subject'} expects ${'expected'}, and this is ${'found'}`),
  SAU3002: formError(message`${'subject'} expects ${'expected'}, and this is ${'found'}`),
  SAU3003: programError(
    message`the range ${'from'}..${'to'} is ${'fault'}`,
    message`a range goes from the smaller number to the larger: \`${'to'}..${'from'}\``,
  ),
  SAU3004: programError(message`${'subject'} is a probability, and ${'value'} is not within 0..1`),
  SAU3005: programError(message`${'subject'} must be ${'bound'}, and this is ${'value'}`),
  SAU3006: programError(
    message`the default of \`${'name'}\` is ${'value'}, which is not in its domain ${'domain'}`,
  ),
  SAU3007: formError(message`\`${'operator'}\` does not work on ${'left'} and ${'right'}`),
  SAU3008: formError(message`the condition must be true or false, and this is ${'found'}`),
  SAU3009: formError(message`one branch is ${'left'}, the other ${'right'}`),
  SAU3010: programError(message`a domain is a list or a range, and this is ${'found'}`),
  SAU3011: programError(message`this has no finite value: ${'what'}`),
  SAU3012: programError(
    message`\`log\` needs a range of positive numbers`,
    message`write the range with a lower end above 0, such as \`1e-4..1.0 log\``,
  ),
  SAU3013: formError(message`\`match\` needs a value of a closed list, and this is ${'found'}`),
  SAU3014: formError(message`${'what'} cannot be called`),

  // ---- shapes and class counts ----
  SAU3101: programError(
    message`view \`${'view'}\` gives ${'given'} images, but \`${'network'}\` was built for ${'built'}`,
    message`let every view that feeds \`${'network'}\` end at the same size`,
  ),
  SAU3102: programError(
    message`classifier has ${'outputs'} outputs, but \`${'dataset'}\` has ${'classes'} classes`,
    message`write \`${'example'}\` to follow the data`,
  ),
  SAU3103: programError(
    message`\`${'operation'}\` of ${'size'} px is larger than the image of ${'image'} px`,
  ),
  SAU3104: programError(
    message`\`${'first'}\` and \`${'second'}\` do not have the same classes: ${'difference'}`,
  ),
  SAU3105: programError(
    message`\`${'operation'}\` works on ${'needed'} channels, and the images have ${'channels'}`,
  ),
  SAU3106: programError(
    message`\`mlp\` needs at least two sizes, and has ${'count'}`,
    message`give the hidden sizes and then the size that comes out: \`mlp(128, 64)\``,
  ),
  SAU3107: programError(
    message`there is no such network of depth ${'depth'}: a depth is 6n+2`,
    message`the nearest are ${'below'} and ${'above'}`,
  ),
  SAU3108: programError(
    message`\`cifar_resnet\` takes either \`depth\` or \`blocks\`, and has ${'count'}`,
    message`write \`cifar_resnet(depth: 32)\` or \`cifar_resnet(blocks: [5, 5, 5])\``,
  ),
  SAU3109: programError(
    message`\`${'operation'}\` needs to know the size of the images, and those of \`${'dataset'}\` differ in size`,
    message`make them equal first: \`resize(n)\`, or give \`size:\``,
  ),
  SAU3110: programError(message`\`${'variable'}\` is ${'first'} here and ${'second'} there`),
  SAU3111: programError(
    message`\`normalize\` must be the last operation of a view`,
    message`move it to the end; what follows it would work on numbers that are no longer pixels`,
  ),
  SAU3112: programError(
    message`\`${'first'}\` has ${'firstSize'} images and \`${'second'}\` ${'secondSize'}`,
    message`bring them to one size: \`|> resize(n)\``,
  ),
  SAU3120: programError(
    message`\`${'backbone'}\` halves its images ${'halvings'} times, and ${'size'} images are too small for that`,
  ),
  SAU3121: programError(
    message`everything is frozen, so there is nothing to train`,
    message`leave a head out of \`freeze\`, or a stage of the backbone`,
  ),
  SAU3122: programError(
    message`nothing trains \`${'part'}\`, so freezing it changes nothing`,
    message`take it out of \`freeze\``,
  ),
  SAU3123: programError(
    message`\`${'part'}\` is frozen twice`,
    message`\`backbone\` is its stem and all its stages: name either it or them`,
  ),
  SAU3124: programError(
    message`a head of \`${'network'}\` cannot be called \`${'name'}\`: that is a part of the network`,
    message`give it another name`,
  ),

  // ---- what tensors mean ----
  SAU3201: formError(message`\`${'function'}\` takes ${'expected'} labels, and these are ${'found'}`),
  SAU3202: formError(
    message`\`cross_entropy\` needs logits, and this is ${'found'}`,
    message`read a head that ends in \`linear\` or \`cosine\``,
  ),
  SAU3203: formError(
    message`\`${'function'}\` needs an embedding of unit length, and \`${'head'}\` is not`,
    message`end the head in \`|> l2_normalize\``,
  ),
  SAU3204: formError(message`${'what'} does not pair with the views of \`${'memory'}\`: ${'difference'}`),
  SAU3205: formError(
    message`\`${'memory'}\` holds means of \`${'held'}\`, and these embeddings come from \`${'given'}\``,
    message`prototypes and embeddings must come from one head`,
  ),
  SAU3206: formError(
    message`these belong to different images: ${'first'} and ${'second'}`,
    message`labels, origin and what the network says about them must come from the same batch`,
  ),
  SAU3207: formError(
    message`a mixed batch has no \`${'field'}\` of its own`,
    message`every image of it comes from two; read \`${'field'}\` from the streams it was mixed from`,
  ),
  SAU3208: formError(
    message`the objective reads no loss`,
    message`add up losses of branches: \`minimize branch.loss\``,
  ),

  // ---- evaluation ----
  SAU3301: programError(
    message`the views that feed \`${'head'}\` ${'fault'}, so the test images have no \`${'what'}\` to follow`,
    message`say how test images are prepared: \`view = normalize(...)\` in \`evaluate\``,
  ),
  SAU3302: programError(
    message`\`${'operation'}\` is random, and an evaluation view must give the same image every time`,
    message`use \`resize\`, \`center_crop\`, \`grayscale\` and \`normalize\` only`,
  ),
  SAU3303: programError(
    message`\`shots\` puts a class of ${'count'} images into both \`${'first'}\` and \`${'second'}\``,
  ),
  SAU3304: programError(message`\`shots\` has no group for a class of ${'count'} images`),
  SAU3305: programError(
    message`\`shots\` cannot tell which data to count: \`${'first'}\` and \`${'second'}\` train this head`,
    message`say whose real images count: \`shots(..., of: ${'first'})\``,
  ),
  SAU3306: programError(
    message`the best epoch is chosen by \`${'metric'}\`, which is not among the metrics`,
    message`add it: \`metrics = [${'metric'}, ...]\``,
  ),
  SAU3307: programError(
    message`no loss trains \`${'network'}\``,
    message`call it in a branch on a batch: \`${'network'}(stream.view)\``,
  ),
  SAU3308: programError(
    message`\`many\` must hold larger classes than \`medium\`, and \`medium\` than \`few\``,
  ),
  SAU3320: programError(
    message`this path has ${'length'} letters, and no system opens one of more than ${'most'}`,
    message`join fewer parts; a definition that joins the one before it with itself doubles each time`,
  ),
  SAU3321: programError(
    message`${'what'} runs ${'layers'} layers or more, and the most is ${'most'}`,
    message`make the networks less deep, or call them fewer times`,
  ),
} as const
