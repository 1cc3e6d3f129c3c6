/** Readers of option values: what they refuse is a usage error that names the option. */
import { InvalidArgumentError } from 'commander'

/** An integer of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(least === -Infinity ? 'Not an integer.' : `Not an integer of ${least} or more.`)
    }
    return value
  }
}

/** How many cameras confirm a fish: `all` is 0, `none` more than there can be. */
export function confirmation(text: string): number {
  if (text === 'all') return 0
  if (text === 'none') return Number.POSITIVE_INFINITY
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Not all, none or a number of cameras.')
  return Number(text)
}

/** What a file has that was not closed and whose journal is missing: an option of every command that reads one. */
export const acceptLoss = [
  '--accept-loss',
  'take what there is of a file that was not closed and whose journal is missing',
  false,
] as const

/** Names with commas between them; '' is no name at all. */
export function names(text: string): string[] {
  if (text === '') return []
  const list = text.split(',').map((name) => name.trim())
  if (list.includes('')) throw new InvalidArgumentError('A name is empty.')
  return list
}

export type MetadataValue = string | number | boolean

/** Collects `name=value`: numbers, true and false as such, anything else as text. */
export function metadata(text: string, collected: Record<string, MetadataValue> = {}): Record<string, MetadataValue> {
  const split = text.indexOf('=')
  if (split < 1) throw new InvalidArgumentError('Not of the form name=value.')
  const value = text.slice(split + 1)
  const plain = value === 'true' || value === 'false' || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
  collected[text.slice(0, split)] = plain ? (Number.isNaN(Number(value)) ? value === 'true' : Number(value)) : value
  return collected
}
