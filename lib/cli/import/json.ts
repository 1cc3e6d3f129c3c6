/**
 * JSON as programs write it: with Python's NaN and Infinity, and without a key that occurs twice in an object, of which
 * JSON.parse would take the last without a word.
 */
import { keyTwice, MOST_LEVELS, syntaxError } from './locate.js'

export class BadJson extends Error {
  /** From 1, in characters. */
  readonly column: number | undefined

  constructor(what: string, column: number | undefined) {
    super(what)
    this.column = column
  }
}

const STRING = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"'
const TOKENS = new RegExp(`${STRING}|NaN|-?Infinity`, 'g')
const NUMBERS = new RegExp(`${STRING}|NaN|-?Infinity|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?`, 'g')

/**
 * The value of a text; NaN is null.
 *
 * @throws BadJson
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    try {
      value = JSON.parse(text.replace(TOKENS, plainToken))
    } catch {
      throw wrong(text, error as Error)
    }
  }
  const members = membersOf(value, 0)
  // Where there are no more colons than members, none is in a string either: the quick look is enough.
  if (members !== allColonsOf(text) && members !== colonsOf(text)) throw wrong(text)
  return value
}

/**
 * As parseJson, with every number as it is meant: NaN, and integers beyond 2^53 as bigints.
 *
 * @throws BadJson
 */
export function parseExactJson(text: string): unknown {
  parseJson(text)
  const tag = tagOutside(text)
  const tagged = text.replace(NUMBERS, (token) => {
    if (token.startsWith('"')) return token
    const isExact = !/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token))
    return isExact && token !== 'NaN' ? plainToken(token) : `"${tag}${token}"`
  })
  return JSON.parse(tagged, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(tag)) return value
    const token = value.slice(tag.length)
    return token === 'NaN' ? Number.NaN : BigInt(token)
  })
}

/** 1e999 is a number in JSON, and as large as Infinity. */
function plainToken(token: string): string {
  if (token === 'NaN') return 'null'
  return token.endsWith('Infinity') && !token.startsWith('"') ? token.replace('Infinity', '1e999') : token
}

/** What no string of the text begins with. */
function tagOutside(text: string): string {
  let tag = 'number:'
  while (text.includes(tag)) tag += ':'
  return tag
}

function wrong(text: string, error?: Error): BadJson {
  const found = syntaxError(text)
  if (found !== undefined) return new BadJson(`not JSON: ${found.what}`, found.column)
  if (error !== undefined) return new BadJson(`not JSON: ${error.message}`, undefined)
  const twice = keyTwice(text)
  return new BadJson(`the key ${JSON.stringify(twice?.key)} occurs twice`, twice?.column)
}

/** Members of all objects; NaN where they lie too deep. */
function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MOST_LEVELS) return Number.NaN
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') members += membersOf(item, depth + 1)
  } else {
    for (const key in value) members += 1 + membersOf((value as Record<string, unknown>)[key], depth + 1)
  }
  return members
}

function allColonsOf(text: string): number {
  let colons = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) colons++
  return colons
}

/** Colons outside strings of a text that is JSON: one for each member that was written. */
function colonsOf(text: string): number {
  let colons = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3a) {
      colons++
    } else if (code === 0x22) {
      for (at++; text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++
    }
  }
  return colons
}
