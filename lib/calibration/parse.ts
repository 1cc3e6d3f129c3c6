/** The text of a calibration file as plain values: maps, lists, numbers and strings, and matrices as lists of rows. */
import { inflate } from './matrices.js'

/** A map of plain values, which may have any names. */
export type Tree = { readonly [name: string]: unknown }

type Refuse = (why: string) => Error

/** Parses TOML, JSON, YAML or XML, which the content tells apart. */
export async function parse(bytes: Uint8Array, refuse: Refuse): Promise<Tree> {
  const text = decode(bytes, refuse)
  const start = text.trimStart()
  let value: unknown
  try {
    value = await (start.startsWith('<') ? fromXml(text) : start.startsWith('{') ? JSON.parse(text) : fromText(text))
  } catch (error) {
    throw refuse(`${(error as Error).message.trim().split('\n')[0]}. Expected TOML, YAML, XML or JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('it has no named values. Expected the TOML, YAML, XML or JSON file of a calibration')
  }
  return inflate(value) as Tree
}

function decode(bytes: Uint8Array, refuse: Refuse): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {}
  throw refuse('it is not text. Expected the TOML, YAML, XML or JSON file of a calibration')
}

async function fromText(text: string): Promise<unknown> {
  // OpenCV writes a directive that YAML does not know.
  const yaml = /^\s*(%YAML[: ].*|---.*)$/m.test(text.slice(0, 1000))
  if (!yaml) {
    const toml = await import('smol-toml')
    try {
      return toml.parse(text)
    } catch (error) {
      if (/^\s*\[[^\]]+\]\s*$/m.test(text)) throw error
    }
  }
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text.replace(/^(\uFEFF?)%YAML:?\s*1\.[0-9].*$/m, '$1'), {
    logLevel: 'error',
    version: '1.2',
    uniqueKeys: true,
  })
  const [error] = document.errors
  if (error) throw error
  return document.toJS({ maxAliasCount: 100 })
}

async function fromXml(text: string): Promise<unknown> {
  const module: typeof import('@rgrove/parse-xml') & { default?: unknown } = await import('@rgrove/parse-xml')
  // The package is CommonJS: in a bundle its exports are those of `default`.
  const { parseXml, XmlElement, XmlText, XmlCdata } = (module.default ?? module) as typeof module
  const { root } = parseXml(text)
  if (root?.name !== 'opencv_storage') {
    throw new Error(`its element is <${root?.name}> instead of <opencv_storage>`)
  }
  const contentOf = (element: InstanceType<typeof XmlElement>): unknown => {
    const children = element.children.filter((child) => child instanceof XmlElement)
    if (children.length === 0) {
      const parts = element.children.filter((child) => child instanceof XmlText || child instanceof XmlCdata)
      return scalar(parts.map(({ text }) => text).join(''))
    }
    if (children.every(({ name }) => name === '_')) return children.map(contentOf)
    return Object.fromEntries(children.map((child) => [child.name, contentOf(child)]))
  }
  return contentOf(root)
}

/** The text of an element: a number, a list of numbers, or a string, which may be quoted. */
function scalar(text: string): unknown {
  const words = text.trim().split(/\s+/)
  const numbers = words.map((word) => (word === '' ? Number.NaN : Number(word)))
  if (numbers.every((number, i) => !Number.isNaN(number) || /^\.?nan$/i.test(words[i]!))) {
    return numbers.length === 1 ? numbers[0] : numbers
  }
  return text.trim().replace(/^"(.*)"$/s, '$1')
}
