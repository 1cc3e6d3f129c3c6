/**
 * Finds values and errors in a JSON text. JSON.parse is fast but does not tell the position of a value, nor, in every version of
 * Node, that of an error. This slow scanner runs only on a line that is refused.
 */

/** Keys and indices, the outermost first: ['tracks', 2, 'bboxes', 'cam01']. */
export type JsonPath = readonly (string | number)[]

/** Column (from 1, in characters) of the value at `path`; undefined if there is no such value. */
export function columnOf(text: string, path: JsonPath): number | undefined {
  const scanner = new Scanner(text, path)
  scanner.document()
  return scanner.found === undefined ? undefined : columnAt(text, scanner.found)
}

/** The first syntax error of the text and its column; undefined if it is JSON. Python's NaN and Infinity are accepted. */
export function syntaxError(text: string): { column: number; what: string } | undefined {
  try {
    new Scanner(text).document()
    return undefined
  } catch (error) {
    if (error instanceof Unexpected) return { column: columnAt(text, error.at), what: error.message }
    throw error
  }
}

function columnAt(text: string, at: number): number {
  return [...text.slice(0, at)].length + 1
}

/** The first key that occurs twice in its object; undefined if there is none. */
export function keyTwice(text: string): { column: number; key: string } | undefined {
  const scanner = new Scanner(text)
  scanner.document()
  return scanner.twice && { column: columnAt(text, scanner.twice.at), key: scanner.twice.key }
}

class Unexpected extends Error {
  readonly at: number

  constructor(text: string, at: number, expected: string) {
    const rest = [...text.slice(at, at + 20)]
    super(
      rest.length === 0
        ? `the line ends where ${expected} is expected`
        : `expected ${expected}, found ${JSON.stringify(rest[0])}`,
    )
    this.at = at
  }
}

const SPACE = /[ \t\r\n]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity/y
export const MOST_LEVELS = 1000

class Scanner {
  found: number | undefined
  twice: { at: number; key: string } | undefined
  readonly #text: string
  readonly #wanted: JsonPath | undefined
  #at = 0

  constructor(text: string, wanted?: JsonPath) {
    this.#text = text
    this.#wanted = wanted
  }

  document(): void {
    this.#value(0, true)
    this.#match(SPACE)
    if (this.#at < this.#text.length) this.#fail('the end of the line')
  }

  /** @param wanted true if the path of this value is a prefix of the wanted path */
  #value(depth: number, wanted: boolean): void {
    this.#match(SPACE)
    if (wanted && this.#wanted?.length === depth) this.found = this.#at
    if (depth > MOST_LEVELS) this.#fail('fewer levels of nesting')
    if (this.#take('{')) this.#members('}', depth, wanted, () => this.#key())
    else if (this.#take('[')) this.#members(']', depth, wanted, (index) => index)
    else if (this.#string() === undefined && this.#match(SCALAR) === undefined) this.#fail('a value')
  }

  #members(close: '}' | ']', depth: number, wanted: boolean, keyOf: (index: number) => string | number): void {
    this.#match(SPACE)
    if (this.#take(close)) return
    const keys = new Set<string>()
    for (let index = 0; ; index++) {
      this.#match(SPACE)
      const start = this.#at
      const key = keyOf(index)
      if (typeof key === 'string') {
        if (keys.has(key)) this.twice ??= { at: start, key }
        keys.add(key)
      }
      this.#value(depth + 1, wanted && this.#wanted?.[depth] === key)
      this.#match(SPACE)
      if (this.#take(close)) return
      if (!this.#take(',')) this.#fail(`"," or "${close}"`)
    }
  }

  #key(): string {
    const key = this.#string() ?? this.#fail('a name in double quotes')
    this.#match(SPACE)
    if (!this.#take(':')) this.#fail('":"')
    return JSON.parse(key) as string
  }

  /** A string with its quotes; undefined if no string begins here. */
  #string(): string | undefined {
    const start = this.#at
    if (!this.#take('"')) return undefined
    for (;;) {
      this.#match(PLAIN)
      if (this.#take('"')) return this.#text.slice(start, this.#at)
      if (this.#match(ESCAPE) === undefined) this.#fail('the rest of a string')
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)?.[0]
    this.#at += match?.length ?? 0
    return match
  }

  #fail(expected: string): never {
    throw new Unexpected(this.#text, this.#at, expected)
  }
}
