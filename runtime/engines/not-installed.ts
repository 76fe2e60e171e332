// An engine that nobody has installed is no fault of anything: `auto` goes on to the next one without a
// warning.

/**
 * Thrown by an engine whose library is not there at all. The message is the reason, without the engine's
 * name.
 */
export class EngineNotInstalled extends Error {
  override readonly name = 'EngineNotInstalled'
}
