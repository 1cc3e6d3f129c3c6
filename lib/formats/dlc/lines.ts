/** The lines of a text file, which may be compressed. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { H5TracksError, systemError } from '../../base/errors.js'
import { compressionOf, decompressor } from '../core/compressed.js'
import { formatProblem } from '../core/problem.js'
import { encodingOf } from '../core/text.js'

const longestLine = 16 * 2 ** 20

async function headOfFile(path: string): Promise<Uint8Array> {
  try {
    await using handle = await open(path)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw systemError(error)
  }
}

/** Yields lines without their ends, in lists. Throws ERR_FORMAT for a line of more than 16 MiB and for text that is damaged. */
export async function* linesOf(path: string): AsyncGenerator<string[], void, void> {
  const compression = compressionOf(await headOfFile(path))
  const source = createReadStream(path, { highWaterMark: 2 ** 18 })
  const stream = compression ? pipeline(source, await decompressor(compression), () => {}) : source
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let rest = ''
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      if (rest.length > longestLine)
        throw formatProblem(path, undefined, 'has a line of more than 16 MiB', 'is it text?')
      if (lines.length > 0) yield lines
    }
    rest = (rest + (decoder?.decode() ?? '')).replace(/\r$/, '')
    if (rest !== '') yield [rest]
  } catch (error) {
    if (error instanceof H5TracksError) throw error
    if (error instanceof Error && 'syscall' in error) throw systemError(error)
    const problem = formatProblem(
      path,
      undefined,
      `cannot be read as text (${(error as Error).message})`,
      'copy it again',
    )
    throw Object.assign(problem, { cause: error })
  } finally {
    source.destroy()
  }
}

/** The cells of a line. A cell in quotes may hold commas, but no end of a line. */
export function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
  }
  return cells
}
