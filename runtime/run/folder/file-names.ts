// What lies in a run folder under which name; the journal's, the commands' and the metrics' files are named
// beside their writers.

export const planFile = 'plan.json'
export const lockFile = 'lock.json'
/** What the training process prints. */
export const processLog = 'process.log'
export const stepLossesFile = 'losses.f64'
/** Of a replay: what it has come to. */
export const verdictFile = 'replay.json'
export const reportFile = 'report.html'

export const checkpointsName = 'checkpoints'
export const drawsFolder = 'draws'
export const tensorBoardFolder = 'tb'
/** What label correction decided, with pictures. */
export const correctionFolder = 'correction'
