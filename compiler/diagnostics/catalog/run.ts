// SAU7xxx: what can go wrong while a run is prepared or running. SAU8xxx: data that turns out wrong when it is read.
// These are reported by the runner as typed errors whose sentences name what happened; here stands what each code means.

export interface RunEntry {
  readonly title: string
}

export const runEntries: Readonly<Record<`SAU7${string}` | `SAU8${string}`, RunEntry>> = {
  // ---- runs ----
  SAU7001: { title: 'a bug in saurun' },
  SAU7101: { title: 'not a run' },
  SAU7102: { title: 'the run is in use' },
  SAU7103: { title: 'no whole checkpoint' },
  SAU7104: { title: 'another plan' },
  SAU7105: { title: 'the run is done' },
  SAU7106: { title: 'the run folder cannot be written' },
  SAU7107: { title: 'a damaged checkpoint' },
  SAU7108: { title: 'a checkpoint of another shape' },
  SAU7201: { title: 'a loss is not finite' },
  SAU7202: { title: 'the network gives no finite numbers' },
  SAU7203: { title: 'a memory is not finite' },
  SAU7301: { title: 'memory ran out' },
  SAU7302: { title: 'the training process ended without a word' },
  SAU7303: { title: 'stopped at once' },
  SAU7401: { title: 'not a whole safetensors file' },
  SAU7501: { title: 'no golden cases' },
  SAU7502: { title: 'a malformed golden case' },
  SAU7601: { title: 'no engine can be loaded' },
  SAU7602: { title: 'an operation that the engine cannot run' },
  SAU7610: { title: 'bfloat16 is slower here' },
  SAU7611: { title: 'no bfloat16 here' },
  SAU7631: { title: 'no TensorFlow for this platform' },
  SAU7632: { title: 'no Python' },
  SAU7633: { title: 'no pip' },
  SAU7634: { title: 'no C++ compiler' },
  SAU7635: { title: 'not enough disk space' },
  SAU7636: { title: 'a download failed' },
  SAU7637: { title: 'no such version of TensorFlow' },
  SAU7638: { title: 'not a wheel of TensorFlow' },
  SAU7639: { title: 'the addon does not compile' },
  SAU7640: { title: 'the engine fails its self-test' },
  SAU7641: { title: 'another installation is under way' },
  SAU7642: { title: 'the installation was interrupted' },
  SAU7643: { title: 'the folder of the engines cannot be written' },
  SAU7644: { title: 'no npm' },
  SAU7701: { title: 'a thread that prepares images died' },
  SAU7801: { title: 'an engine that does not tell its times' },
  SAU7802: { title: 'the process that profiles ended without a profile' },
  // ---- data, as a run reads it ----
  SAU8001: { title: 'data is not there' },
  SAU8002: { title: 'data is not in the format that is read' },
  SAU8003: { title: 'a label out of range' },
  SAU8004: { title: 'a class without an image' },
  SAU8005: { title: 'an image does not decode' },
  SAU8006: { title: 'the data has changed' },
  SAU8501: { title: 'a crop does not fit into an image' },
}
