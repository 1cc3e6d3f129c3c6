/** Parsers of option values. A value that they refuse is a usage error that names the option. */
import { InvalidArgumentError } from 'commander'

/** Parses an integer of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(least === -Infinity ? 'Not an integer.' : `Not an integer of ${least} or more.`)
    }
    return value
  }
}

/** Parses a number above 0. */
export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < Infinity) return value
  throw new InvalidArgumentError('Not a positive number.')
}

/** Parses the number of cameras that confirm a fish: `all` is 0, `none` is infinity. */
export function confirmation(text: string): number {
  if (text === 'all') return 0
  if (text === 'none') return Number.POSITIVE_INFINITY
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected all, none or a number of cameras.')
  return Number(text)
}

/** The option `--accept-loss`, shared by all commands that read a tracking file. */
export const acceptLoss = [
  '--accept-loss',
  'read what is left of a file that was not closed and whose journal is missing',
  false,
] as const

/** The option `--external`, for files whose values lie in others. */
export const external = [
  '--external',
  'read values that lie in other files, which the file names (of files that you trust)',
  false,
] as const

/** The option `--layout`, which names one of several layouts in a file by its group. */
export const layoutOption = (what: string) => ['--layout <name>', what] as const

/** Parses names separated by commas; '' gives no names. */
export function names(text: string): string[] {
  if (text === '') return []
  const list = text.split(',').map((name) => name.trim())
  if (list.includes('')) throw new InvalidArgumentError('A name is empty.')
  return list
}

export type MetadataValue = string | number | boolean

/** Parses and collects `name=value`. Numbers, true and false keep their type; any other value is text. */
export function metadata(text: string, collected: Record<string, MetadataValue> = {}): Record<string, MetadataValue> {
  const split = text.indexOf('=')
  if (split < 1) throw new InvalidArgumentError('Not of the form name=value.')
  const value = text.slice(split + 1)
  const plain = value === 'true' || value === 'false' || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
  collected[text.slice(0, split)] = plain ? (Number.isNaN(Number(value)) ? value === 'true' : Number(value)) : value
  return collected
}

/** Parses a frame index. */
export function frameIndex(text: string): bigint {
  if (!/^[+-]?\d{1,19}$/.test(text)) throw new InvalidArgumentError('Not a frame index, such as 1000.')
  return BigInt(text)
}

/** Ids that a list of ranges may have in all. */
const MOST_IDS = 1_000_000

/** Parses ids: `1,2,5-8`. */
export function ids(text: string): number[] {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,10})\s*(?:-\s*(\d{1,10})\s*)?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (first === undefined || to < from || to > 2 ** 31 - 1) {
      throw new InvalidArgumentError('Not ids, such as 1,2,5-8.')
    }
    if (to - from + found.size >= MOST_IDS) throw new InvalidArgumentError('More than a million ids.')
    for (let id = from; id <= to; id++) found.add(id)
  }
  return [...found]
}

/** Parses `frame=Frame,x=pos_x` to an object, and `frame,id,x` to a list. An empty name leaves a column out. */
export function columns(text: string): Record<string, string> | string[] {
  const parts = text.split(',').map((part) => part.trim())
  const named = parts.filter((part) => part.includes('='))
  if (named.length === 0) return parts
  if (named.length < parts.length) throw new InvalidArgumentError('Some columns have a name and others do not.')
  const pairs = parts.map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()])
  if (pairs.some(([role, name]) => !role || !name))
    throw new InvalidArgumentError('Not of the form frame=NAME,id=NAME.')
  return Object.fromEntries(pairs)
}

/** Parses a character that separates cells. */
export function delimiter(text: string): string {
  const named: Record<string, string> = {
    tab: '\t',
    '\\t': '\t',
    comma: ',',
    semicolon: ';',
    space: ' ',
    blank: ' ',
    pipe: '|',
  }
  const character = named[text.toLowerCase()] ?? text
  if (character.length !== 1)
    throw new InvalidArgumentError('Not one character, nor tab, comma, semicolon, space or pipe.')
  return character
}
