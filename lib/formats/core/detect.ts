/** Finds out which format a file has, and which one an output shall have. */
import { basename } from 'node:path'
import { H5TracksError, invalidArgument } from '../../base/errors.js'
import type { Format, FormatInfo } from './format.js'
import { Probe } from './probe.js'
import { formatProblem } from './problem.js'

/** The length of the longest extension of the format that the name ends with; 0 if it has none of them. */
const matchOf = (name: string, { extensions }: FormatInfo): number =>
  Math.max(0, ...extensions.map((extension) => (name.endsWith(extension) ? extension.length : 0)))

const withoutCompression = (name: string): string => name.replace(/\.(gz|zst)$/, '')

/** Asks the formats whose content the file has. Among the surest, the longest extension decides. */
export async function detectFormat(formats: readonly Format[], path: string): Promise<Format> {
  using probe = await Probe.open(path)
  const name = withoutCompression(probe.name)
  let best: { format: Format; sure: number; match: number } | undefined
  for (const format of formats) {
    if (!format.reads || !format.content.includes(probe.content)) continue
    const sure = await format.detect(probe)
    const match = matchOf(name, format)
    const better = best === undefined || sure > best.sure || (sure === best.sure && match > best.match)
    if (sure > 0 && better) best = { format, sure, match }
  }
  if (best) return best.format
  throw unknownContent(formats, path, name, probe)
}

function unknownContent(formats: readonly Format[], path: string, name: string, { content }: Probe): H5TracksError {
  const readable = formats.filter(({ reads }) => reads)
  const named = readable.filter((format) => matchOf(name, format) > 0)
  if (content !== 'text' && named.length > 0 && named.every((format) => format.content.includes('text'))) {
    const wanted = 'save it as UTF-8, or as UTF-16 with a byte order mark'
    return formatProblem(path, undefined, 'the content is not text, as the name says it is', wanted)
  }
  return formatProblem(
    path,
    undefined,
    `the content is none of the formats that h5tracks reads (${readable.map((format) => format.name).join(', ')})`,
    'name the format with from (--from) if you know it',
  )
}

/** The format that the name of an output asks for. */
export function formatForOutput(formats: readonly Format[], path: string): Format {
  const name = basename(path).toLowerCase()
  const writable = formats.filter(({ writes }) => writes)
  let best: Format | undefined
  for (const format of writable) {
    if (matchOf(name, format) > (best ? matchOf(name, best) : 0)) best = format
  }
  if (best) return best
  const known = writable.map((format) => `${format.name} (${format.extensions.join(', ')})`)
  throw new H5TracksError(
    `the name of ${path} does not say which format to write; name it with to (--to): ${known.join(', ')}`,
    { code: 'ERR_INVALID_ARGUMENT', path, field: 'to' },
  )
}

/** The format with this name that can be read or written. */
export function formatNamed(formats: readonly Format[], option: 'from' | 'to', name: string): Format {
  const able = formats.filter(({ reads, writes }) => (option === 'from' ? reads : writes))
  const found = able.find((format) => format.name === name)
  if (found) return found
  throw invalidArgument(option, name, `one of ${able.map((format) => format.name).join(', ')}`)
}
