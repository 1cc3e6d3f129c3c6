/** Which prebuilt addon this process needs: system, processor and, on Linux, C library. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

export interface Platform {
  /** As packages are called: 'linux-x64-musl', 'darwin-arm64'. */
  readonly target: string
  /** As people say it: 'Linux x64 with musl', 'macOS arm64'. */
  readonly title: string
}

const SYSTEMS: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

/** The platform of this process. */
export function platform(): Platform {
  const { platform: system, arch } = process
  const title = `${SYSTEMS[system] ?? system} ${arch}`
  if (system !== 'linux') return { target: `${system}-${arch}`, title }
  const libc = libcOfProcess()
  return { target: `${system}-${arch}-${libc}`, title: `${title} with ${libc}` }
}

/**
 * The C library of this process. node-gyp-build takes musl for granted where /etc/alpine-release exists, and glibc elsewhere; other
 * systems have musl too, Alpine can run programs for glibc, and process.report has a made-up version of glibc in Deno.
 */
function libcOfProcess(): 'glibc' | 'musl' {
  // The variable is node-gyp-build's.
  const { LIBC } = process.env
  if (LIBC === 'glibc' || LIBC === 'musl') return LIBC
  const loader = attempt(() => interpreterOf(process.execPath))
  if (loader !== undefined) return loader.includes('/ld-musl-') ? 'musl' : 'glibc'
  // Started through the loader itself, which then is the executable and names none.
  const mapped = attempt(() => readFileSync('/proc/self/maps', 'latin1'))
  return mapped === undefined || /\/(libc\.so\.6|libc-2\.\d+\.so)$/m.test(mapped) ? 'glibc' : 'musl'
}

/** The loader that a 64-bit ELF program names. */
function interpreterOf(path: string): string | undefined {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, bytes: number) => {
      const buffer = Buffer.alloc(bytes)
      return buffer.subarray(0, readSync(file, buffer, 0, bytes, offset))
    }
    const header = read(0, 64)
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined
    const size = header.readUInt16LE(54)
    const table = read(Number(header.readBigUInt64LE(32)), size * header.readUInt16LE(56))
    for (let at = 0; at < table.length; at += size) {
      if (table.readUInt32LE(at) !== PT_INTERP) continue
      const name = read(Number(table.readBigUInt64LE(at + 8)), Number(table.readBigUInt64LE(at + 32)))
      return name.toString('latin1').replace(/\0.*/s, '')
    }
    return undefined
  } finally {
    closeSync(file)
  }
}

const PT_INTERP = 3

function attempt<T>(body: () => T): T | undefined {
  try {
    return body()
  } catch {
    return undefined
  }
}
