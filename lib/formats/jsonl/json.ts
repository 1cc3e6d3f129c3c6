/**
 * Parses JSON as programs write it. Accepts Python's NaN and Infinity. Refuses an object that has the same key twice, of which
 * JSON.parse would silently take the last.
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
 * Parses a text; NaN becomes null.
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
  // As many colons as members: then no colon is in a string and no key occurs twice. Only otherwise is the slow count needed.
  if (members !== allColonsOf(text) && members !== colonsOf(text)) throw wrong(text)
  return value
}

/**
 * As parseJson, but keeps NaN, and integers beyond 2^53 as bigints.
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

/** JSON has no infinity, but parsers read 1e999 as one. */
function plainToken(token: string): string {
  if (token === 'NaN') return 'null'
  return token.endsWith('Infinity') && !token.startsWith('"') ? token.replace('Infinity', '1e999') : token
}

/** A prefix that does not occur in the text. */
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

/** The number of members of all objects; NaN if they are nested too deeply. */
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

/** The number of colons outside strings, in a text that is JSON: one for each member in the text. */
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
