// SAU801x - SAU809x: sweep files. (SAU8001 - SAU8009 are data, as a run reads it: see run.ts.)
import { message, programError, warning } from '../message.js'

export const sweepEntries = {
  // ---- form ----
  SAU8010: programError(message`there is no sweep file \`${'file'}\``),
  SAU8011: programError(message`not YAML: ${'fault'}`),
  SAU8012: programError(message`${'where'} has no field \`${'name'}\``),
  SAU8013: programError(message`${'where'} needs the field \`${'name'}\``, message`write \`${'example'}\``),
  SAU8014: programError(message`${'where'} expects ${'expected'}, not ${'found'}`),
  SAU8015: programError(message`${'where'} is empty`, message`give it a value, or take it out`),
  SAU8016: programError(
    message`there is no experiment \`${'file'}\``,
    message`paths are relative to the sweep file`,
  ),
  SAU8017: programError(
    message`the sweep tries nothing`,
    message`give it \`seeds\`, \`grid\`, \`zip\`, \`list\`, \`random\`, \`sobol\` or \`search\``,
  ),
  // ---- params and their values ----
  SAU8020: programError(message`the experiment has no param \`${'name'}\``),
  SAU8021: programError(message`the param \`${'name'}\` expects ${'expected'}, not ${'value'}`),
  SAU8022: programError(
    message`${'value'} is not in the domain ${'domain'} of \`${'name'}\``,
    message`choose a value of the domain, or widen the domain in the experiment`,
  ),
  SAU8023: programError(message`${'where'} has ${'value'} twice`, message`take one of them out`),
  SAU8024: programError(
    message`the lists of \`zip\` are of unequal length: ${'lengths'}`,
    message`\`zip\` takes the first of each, then the second of each, and so on`,
  ),
  SAU8025: programError(
    message`the param \`${'name'}\` is given by \`${'first'}\` and by \`${'second'}\``,
    message`let one of them give it`,
  ),
  SAU8026: programError(
    message`\`${'name'}\` is the seed of the run, and seeds are repetitions`,
    message`write \`seeds: [1, 2, 3]\` instead: what is searched and compared is the mean over them`,
  ),
  SAU8027: programError(
    message`\`${'first'}\` and \`${'second'}\` both draw settings`,
    message`keep one of \`random\`, \`sobol\` and \`search\``,
  ),
  // ---- what is drawn ----
  SAU8030: programError(
    message`\`${'block'}\` has no param to draw`,
    message`name them with \`params\`, or give params of the experiment a domain: \`param rate : float = 0.1 in 1e-3..1.0 log\``,
  ),
  SAU8031: programError(
    message`the param \`${'name'}\` has no domain to draw from`,
    message`write \`${'name'}: { from: ..., to: ... }\` or a list of values, or give it a domain in the experiment`,
  ),
  SAU8032: programError(message`the domain of \`${'name'}\` ${'fault'}`),
  SAU8033: programError(
    message`\`sobol\` draws ${'count'} params, and has directions for ${'most'}`,
    message`name fewer with \`params\`, or use \`random\``,
  ),
  SAU8034: programError(message`the experiment does not measure \`${'name'}\``),
  SAU8035: programError(
    message`the sweep has ${'count'} instances, and the most is ${'most'}`,
    message`shorten the lists, or draw some of them with \`random\``,
  ),
  // ---- conditions ----
  SAU8040: programError(
    message`the condition cannot be read: ${'fault'}`,
    message`write one as in \`factor >= 100 and strategy == drop\``,
  ),
  SAU8041: programError(message`${'left'} cannot be compared with ${'right'}`),
  SAU8042: warning(
    message`the condition excludes nothing`,
    message`no setting of the sweep matches it; correct it, or take it out`,
  ),
  SAU8043: programError(
    message`\`exclude\` leaves nothing to run`,
    message`every setting matches one of the conditions`,
  ),
  // ---- limits, pruning, comparison ----
  SAU8050: programError(message`\`${'name'}\` expects ${'expected'}, not ${'found'}`),
  SAU8051: programError(
    message`\`prune\` acts on a metric, and none is named`,
    message`write \`metric: ${'example'}\` in it`,
  ),
  SAU8052: programError(
    message`\`compare.baseline\` is no setting of the sweep`,
    message`name params that the sweep varies, with values that it tries`,
  ),
} as const
