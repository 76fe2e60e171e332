// Whether the processor computes in bfloat16 by itself. Only Linux says so without asking the processor;
// elsewhere a measurement decides.
import { readFileSync } from 'node:fs'

export interface ProcessorFacts {
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** Text of /proc/cpuinfo, or undefined where there is none. */
  readonly description: () => string | undefined
}

const thisProcessor: ProcessorFacts = {
  platform: process.platform,
  arch: process.arch,
  description() {
    try {
      return readFileSync('/proc/cpuinfo', 'utf8')
    } catch {
      return undefined
    }
  },
}

/** Names by which Linux lists instructions that multiply bfloat16 numbers and sum in float32. */
const instructions: Readonly<Record<string, readonly string[]>> = {
  x64: ['avx512_bf16', 'amx_bf16'],
  arm64: ['bf16'],
}

/** Undefined where nothing says. */
export function processorHasBfloat16(facts: ProcessorFacts = thisProcessor): boolean | undefined {
  const wanted = instructions[facts.arch]
  const text = facts.platform === 'linux' ? facts.description() : undefined
  const [, line] = /^(?:flags|Features)\s*:(.*)$/m.exec(text ?? '') ?? []
  if (wanted === undefined || line === undefined) return undefined
  const present = new Set(line.trim().split(/\s+/))
  return wanted.some((instruction) => present.has(instruction))
}
