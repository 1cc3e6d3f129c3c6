import { execFileSync } from 'node:child_process'
import { python } from './interpreter.js'

/** A reason to skip if Python lacks one of the modules, or undefined. Printed, so that nobody takes a skipped test for a passed one. */
export function withoutModules(modules: readonly string[], packages: readonly string[]): string | undefined {
  try {
    execFileSync(python(), ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' })
    return undefined
  } catch {
    const reason = `skipped: Python has not all of ${modules.join(', ')} (Debian: ${packages.join(' ')})`
    console.log(reason)
    return reason
  }
}
