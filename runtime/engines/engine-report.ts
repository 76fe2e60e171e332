// What trying an engine out has come to.

export type EngineReport =
  | {
      readonly state: 'loads'
      /** Version and device in words. */
      readonly description: string
      readonly seconds: number
      readonly test?: SelfTest
    }
  | { readonly state: 'not_installed'; readonly reason: string }
  /** Something of it is there that does not load, or does not live through the test. */
  | { readonly state: 'broken'; readonly reason: string }
  /** It loads and computes something else than the reference engine. */
  | { readonly state: 'wrong'; readonly description: string; readonly reason: string }

export interface SelfTest {
  readonly passed: boolean
  /** What differs most from the reference engine, of how much of it is allowed. */
  readonly worst: { readonly name: string; readonly difference: number; readonly tolerance: number }
  readonly seconds: number
}
