// Compiles every file of native/ for macOS with zig, with warnings as errors. Nothing is linked and nothing runs: that needs macOS.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, program, ROOT, succeed } from './build.mjs'

const TARGETS = ['aarch64-macos', 'x86_64-macos']

/**
 * The definitions, include directories and warnings of a command that compiles for this machine.
 *
 * @param {string} command
 */
function settingsOf(command) {
  const words = command.split(' ')
  return words.flatMap((word, i) => {
    if (word === '-isystem') return [word, String(words[i + 1])]
    return /^-([DIWf]|std=)./.test(word) ? [word.replaceAll('\\"', '"')] : []
  })
}

/**
 * Throws an error that names the files that do not compile.
 *
 * @param {readonly [string, string]} zig package of npm, and the program in it
 */
export function compileForMac(zig) {
  const directory = join(CACHE, 'macos')
  const headers = join(directory, 'headers')
  mkdirSync(headers, { recursive: true })
  writeFileSync(join(headers, 'features.h'), '') // HDF5's headers include glibc's, because they were made on Linux
  const include = ['node-api-headers/include', 'node-addon-api']
    .map((path) => join(ROOT, 'node_modules', path))
    .join(';')
  const settings = ['CMAKE_EXPORT_COMPILE_COMMANDS=ON', 'H5TRACKS_WERROR=ON', `CMAKE_JS_INC=${include}`]
  // The flags, and the headers of HDF5 and libdeflate, are those of a build for this machine.
  succeed('cmake', ['-S', ROOT, '-B', directory, ...settings.map((setting) => `-D${setting}`)])
  const [{ command }] = JSON.parse(readFileSync(join(directory, 'compile_commands.json'), 'utf8'))
  const flags = [...settingsOf(command), '-isystem', headers]
  const sources = readdirSync(join(ROOT, 'native'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.cc') && !/^system\/(linux|windows)\//.test(file),
  )
  const object = join(directory, 'compiled.o')
  const failed = []
  for (const target of TARGETS) {
    for (const source of sources) {
      const args = ['c++', '-target', target, ...flags, '-c', join(ROOT, 'native', source), '-o', object]
      const { status, stderr } = spawnSync(program(zig), args, { encoding: 'utf8' })
      if (status === 0) continue
      failed.push(`${source} (${target})`)
      console.error(stderr.split('\n').slice(0, 12).join('\n'))
    }
  }
  console.log(`macos: ${sources.length * TARGETS.length - failed.length} compiled, ${failed.length} failed`)
  if (failed.length > 0) throw new Error(`these do not compile: ${failed.join(', ')}`)
}
