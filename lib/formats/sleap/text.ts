/** Texts as SLEAP stores them: of fixed length, and JSON in ASCII. */
import type { DatasetSpec } from '../../hdf5/objects/creation.js'
import type { File } from '../../hdf5/objects/file.js'

/** JSON whose characters beyond ASCII are escaped. */
export function asciiJson(value: unknown): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)
}

/** The type of a text of fixed length. */
export const fixedText = (bytes: number) =>
  ({ class: 'string', size: Math.max(1, bytes), charset: 'ascii', padding: 'null-padded' }) as const

/** Writes a list of texts (with a shape, if it has more axes) of fixed length; of none, an empty list of numbers, as h5py makes it. */
export async function writeTexts(
  file: File,
  path: string,
  texts: readonly string[],
  shape: readonly number[] = [texts.length],
) {
  const empty = { type: 'float64', shape } as const
  if (texts.length === 0) return file.createDataset(path, empty)
  const longest = Math.max(...texts.map((text) => Buffer.byteLength(text)))
  const spec: DatasetSpec = { type: fixedText(longest), shape }
  return file.createDataset(path, spec, texts)
}

/** Writes a single text. */
export async function writeText(file: File, path: string, text: string): Promise<void> {
  await file.createDataset(
    path,
    { type: { class: 'string', size: 'variable', charset: 'utf-8', padding: 'null-terminated' }, shape: [] },
    text,
  )
}
