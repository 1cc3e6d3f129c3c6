/** Exports one recording to a file of another program. */
import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { formats } from '../../formats/registry.js'
import { convertFile } from '../convert/run.js'
import { UsageError } from '../shared/exit.js'

interface FileOptions {
  readonly overwrite: boolean
  readonly to?: string
  readonly shape?: 'long' | 'wide'
  readonly camera?: string
  readonly recording?: string[]
}

const namesFormat = (path: string): boolean => {
  const name = basename(path).toLowerCase()
  return formats.some(({ writes, extensions }) => writes && extensions.some((extension) => name.endsWith(extension)))
}

/** True if the output is a folder of Parquet tables. */
export function isForTables(out: string, recordings: readonly string[], to: string | undefined): boolean {
  const isFolder = existsSync(out) && statSync(out).isDirectory()
  if (to !== undefined && to !== 'parquet') return false
  return (
    isFolder ||
    !(namesFormat(out) || (recordings.length === 1 && namesFormat(recordings[0] as string) && existsSync(out)))
  )
}

/** Writes a recording to a file. */
export async function exportFile(out: string, recordings: readonly string[], options: FileOptions): Promise<void> {
  const [input, ...others] = recordings as [string, ...string[]]
  if (others.length > 0) {
    throw new UsageError(
      `${out} holds one recording, and ${recordings.length} are given; export each to a file of its own`,
    )
  }
  // As for convert, the input may come first.
  const swapped = existsSync(out) && !existsSync(input)
  const [from, to] = swapped ? [out, input] : [input, out]
  await convertFile(from, to, { ...options, list: false, json: false })
}
