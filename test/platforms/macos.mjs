// Compiles every file of native/ for macOS with zig, with warnings as errors. Nothing is linked and nothing runs: there is no macOS here.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The definitions and include directories of a compiler's command; the libraries' headers are those of this machine. */
function settingsOf(command) {
  const words = command.split(' ')
  return words.flatMap((word, i) => {
    if (word === '-isystem' || word === '-I') return [word, words[i + 1]]
    return /^-([DI]|std=)./.test(word) ? [word.replaceAll('\\"', '"')] : []
  })
}

/**
 * @param {string} zig path of zig
 * @param {string} commands compile_commands.json of a build for this machine
 * @param {string} directory for zig's caches and object files
 * @returns {{ compiled: number, failed: string[] }} of both processors
 */
export function compileForMac(zig, commands, directory) {
  const env = {
    ...process.env,
    ZIG_GLOBAL_CACHE_DIR: `${directory}/zig-cache`,
    ZIG_LOCAL_CACHE_DIR: `${directory}/zig-cache`,
  }
  const objects = join(directory, 'macos')
  mkdirSync(objects, { recursive: true })
  const result = { compiled: 0, failed: [] }
  for (const { file, command } of JSON.parse(readFileSync(commands, 'utf8'))) {
    if (!/\/native\//.test(file)) continue
    for (const target of ['aarch64-macos', 'x86_64-macos']) {
      const object = join(objects, `${basename(file)}.o`)
      const args = [
        'c++',
        '-target',
        target,
        '-Wall',
        '-Wextra',
        '-Werror',
        ...settingsOf(command),
        '-c',
        file,
        '-o',
        object,
      ]
      const { status, stderr } = spawnSync(zig, args, { env, encoding: 'utf8' })
      if (status === 0) {
        result.compiled++
      } else {
        result.failed.push(`${target}: ${file}`)
        console.error(stderr.split('\n').slice(0, 8).join('\n'))
      }
    }
  }
  return result
}
