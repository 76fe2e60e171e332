// The engines by name. Nothing is loaded with it, so that flags and forms may read it.

/** Best first. */
export const engineNames = ['tensorflow', 'onnx', 'tfjs', 'reference'] as const
export type EngineName = (typeof engineNames)[number]

/** What `--engine` takes: one of them, or the best that loads. */
export const engineChoices = ['auto', ...engineNames] as const
export type EngineChoice = (typeof engineChoices)[number]
