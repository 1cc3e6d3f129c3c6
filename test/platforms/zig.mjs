// zig as a C and C++ compiler for other Linux systems: cmake/toolchains/zig-x64.cmake uses the tools that this makes.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes programs cc, c++, ar and ranlib that call zig for a target.
 *
 * @param {string} zig path of zig
 * @param {string} target e.g. x86_64-linux-gnu.2.28
 * @param {string} directory where the programs and zig's caches go
 * @returns {string} the directory of the programs
 */
export function zigTools(zig, target, directory) {
  const tools = join(directory, `zig-${target}`)
  mkdirSync(tools, { recursive: true })
  const calls = { cc: `cc -target ${target}`, 'c++': `c++ -target ${target}`, ar: 'ar', ranlib: 'ranlib' }
  for (const [name, call] of Object.entries(calls)) {
    const path = join(tools, name)
    const caches = `ZIG_GLOBAL_CACHE_DIR='${directory}/zig-cache' ZIG_LOCAL_CACHE_DIR='${directory}/zig-cache'`
    writeFileSync(path, `#!/bin/sh\n${caches} exec '${zig}' ${call} "$@"\n`)
    chmodSync(path, 0o755)
  }
  return tools
}
