/** Tells the inputs of tracking files, which have readers of their own here, from those of `h5tracks convert`. */
import { Probe } from '../../formats/core/probe.js'
import { encodingOf } from '../../formats/core/text.js'
import { formats } from '../../formats/registry.js'
import { UsageError } from '../shared/exit.js'
import type { ImportOptions } from './job.js'

const headBytes = 2 ** 16

/** Throws a UsageError for a format that cannot be read. */
export function checkFormat({ format }: ImportOptions): void {
  const names = formats.flatMap(({ name, reads }) => (reads ? [name] : []))
  if (format === undefined || names.includes(format)) return
  throw new UsageError(`--format ${format} is none of ${names.join(', ')}`)
}

/** True for JSON lines and CSV of tracking files, and for texts that no format is: their readers say what is wrong. */
export async function isTidyFile(path: string, options: ImportOptions): Promise<boolean> {
  const probe = await Probe.open(path).catch(() => undefined)
  if (probe === undefined) return true
  const { head, isCompressed, content } = probe
  probe.close()
  if (isCompressed || content === 'hdf5') return false
  if (content === 'folder') return !(await isKnown(path))
  if (await isTidy(Buffer.from(head), options)) return true
  if (content === 'binary' || options.format !== undefined || isForAny(options)) return false
  const { detectFormat } = await import('../../formats/open.js')
  const { isUnknownTable } = await import('./tidy-table.js')
  return detectFormat(path).then(
    ({ name }) => name === 'csv' && isUnknownTable(path, Buffer.from(head)),
    () => true,
  )
}

async function isKnown(path: string): Promise<boolean> {
  const { detectFormat } = await import('../../formats/open.js')
  return detectFormat(path).then(
    () => true,
    () => false,
  )
}

/** True if a text begins as JSON lines or CSV of tracking files do. */
export async function isTidy(beginning: Buffer, options: ImportOptions): Promise<boolean> {
  const { format } = options
  if (isForAny(options)) return false
  if (format !== undefined && format !== 'csv' && format !== 'jsonl') return false
  const head = beginning.subarray(0, headBytes)
  // Bytes that are not UTF-8 are a matter of the line that has them.
  const text = new TextDecoder(encodingOf(head))
    .decode(head)
    .replace(/^\ufeff/, '')
    .trimStart()
  if (text.includes('\0')) return false
  if (text.startsWith('{') || text.startsWith('[')) {
    return !/"(?:spec|images|annotations|image_id)"\s*:/.test(text.slice(0, 4096))
  }
  const { isTidyTable } = await import('./tidy-table.js')
  return isTidyTable(Buffer.from(text), options)
}

/** True if an option is given that only the readers of `h5tracks convert` have. */
function isForAny({ columns, delimiter, decimal, groups, fps }: ImportOptions): boolean {
  return [columns, delimiter, decimal, groups, fps].some((option) => option !== undefined)
}
