// SAU4xxx: what the data is, against what the file wants of it.
import { dataError, message, programError } from '../message.js'

export const dataEntries = {
  // ---- the data is not what the file says: exit code 4 ----
  SAU4001: dataError(message`there is no \`${'path'}\``),
  SAU4002: dataError(message`\`${'path'}\` is not what \`${'function'}\` reads: it ${'fault'}`),
  SAU4003: dataError(message`\`${'path'}\` has a label out of range: it ${'fault'}`),
  SAU4004: dataError(message`class ${'class'} of \`${'dataset'}\` has no image`),
  SAU4005: dataError(
    message`\`fill\` needs ${'needed'} synthetic images of class ${'class'} and finds ${'found'}: ${'missing'} are missing`,
  ),
  SAU4006: dataError(
    message`\`${'function'}\` needs ${'needed'} images of class ${'class'} and finds ${'found'}`,
  ),
  SAU4007: dataError(message`class ${'class'} of \`${'base'}\` is not among the classes of \`${'from'}\``),
  SAU4008: dataError(message`\`${'path'}\` has a line that is not an image and its label: ${'fault'}`),
  SAU4009: dataError(message`\`${'path'}\` lists an image twice: ${'fault'}`),
  SAU4010: dataError(message`\`${'path'}\` lists an image that is not there: ${'fault'}`),
  SAU4011: dataError(message`\`${'path'}\` is not an array that \`npy\` reads: it ${'fault'}`),
  SAU4040: dataError(message`\`${'path'}\` is larger than the memory allows: it ${'fault'}`),
  SAU4041: programError(
    message`\`normalize\` takes published statistics, or \`mean\` and \`std\` together, each one number or as many as the other`,
    message`write \`normalize(cifar10)\`, or \`normalize(mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26])\`; \`saurun data check\` prints those of your data`,
  ),

  // ---- index files of long-tailed draws ----
  SAU4012: dataError(message`\`${'path'}\` is not an index file: it ${'fault'}`),
  SAU4013: dataError(
    message`\`${'path'}\` was drawn from other data than \`${'dataset'}\``,
    message`bring the data back that it was drawn from, or draw anew: \`saurun data draw FILE\``,
  ),
  SAU4014: dataError(message`\`${'path'}\` does not fit \`${'dataset'}\`: ${'fault'}`),
  SAU4015: programError(message`\`longtail\` is told ${'told'}, but \`${'path'}\` ${'says'}`),
  SAU4016: programError(
    message`\`${'path'}\` names images of a whole source, and \`${'dataset'}\` is a part of one`,
    message`give \`longtail\` the source itself: the index file says which of its images stay`,
  ),

  // ---- texts beside the images ----
  SAU4020: dataError(
    message`\`${'path'}\` names a class twice: ${'fault'}`,
    message`write behind each what tells them apart, as in \`crane (bird)\` and \`crane (machine)\`; or leave \`names\` out, and classes are called by their numbers`,
  ),
  SAU4021: dataError(message`\`${'path'}\` ${'fault'}, and texts are read as UTF-8`),

  // ---- the file wants what cannot be ----
  SAU4101: programError(
    message`a batch of ${'batch'} is larger than the ${'count'} images of \`${'dataset'}\``,
    message`make \`batch\` at most ${'count'}`,
  ),
  SAU4102: programError(
    message`the last batch of an epoch has one image, and batch normalization of vectors needs two`,
    message`write \`remainder = drop\`, or another \`batch\``,
  ),
  SAU4103: programError(
    message`${'what'} needs real and synthetic images, and \`${'dataset'}\` has only ${'origin'} ones`,
  ),
  SAU4104: programError(
    message`\`fill\` takes ${'wanted'} images as \`${'argument'}\`, and \`${'dataset'}\` ${'fault'}`,
  ),
  SAU4105: programError(
    message`\`${'dataset'}\` holds ${'count'} synthetic images, and evaluation is on real ones alone`,
    message`evaluate on data without synthetic images; \`only(real)\` takes them out`,
  ),
  SAU4106: programError(
    message`\`${'evaluated'}\` and \`${'trained'}\` share images: what is trained on cannot be evaluated on`,
    message`evaluate on a test split, or on the other part of a \`split\` with the same seed`,
  ),
  SAU4121: programError(
    message`\`${'first'}\` and \`${'second'}\` share images, which would count twice where the two are joined`,
    message`join datasets of which no image is in both: sources of their own, or parts of a \`split\``,
  ),
  SAU4120: dataError(message`\`${'dataset'}\` has no image to evaluate`),
  SAU4107: programError(
    message`\`${'function'}\` cannot count what it draws from \`${'dataset'}\`, which mixes real and synthetic images`,
    message`draw from each of the two before \`fill\` brings them together`,
  ),
} as const
