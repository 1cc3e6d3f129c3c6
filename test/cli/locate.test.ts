import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ROOT } from '../support/process.js'

// Locating a value or a syntax error in a line. The oracle is JSON.parse, which tells whether a text is JSON.

const { columnOf, syntaxError } = await import(join(ROOT, 'dist/formats/jsonl/locate.js'))

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('syntaxError finds an error in exactly the texts that JSON.parse refuses', () => {
  const damaged = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', ',', '}', ']', '\\', '\n', '-', '0', 'e', '\u0001', '[', 'tru', ' '),
    )
    .map(
      ([text, at, junk]) =>
        text.slice(0, at % (text.length + 1)) + junk + text.slice((at % (text.length + 1)) + (at % 2)),
    )
  fc.assert(
    fc.property(damaged, (text) => {
      const error = syntaxError(text)
      expect(error === undefined).toBe(isJson(text))
      if (error === undefined) return
      expect(error.column).toBeGreaterThanOrEqual(1)
      expect(error.column).toBeLessThanOrEqual([...text].length + 1)
    }),
    { numRuns: 2000 },
  )
})

test('syntaxError handles a line of 2 million characters and deep nesting', () => {
  const long = 'a'.repeat(2_000_000)
  expect(syntaxError(`{"a": "${long}`)).toEqual({
    column: 2_000_008,
    what: 'the line ends where the rest of a string is expected',
  })
  expect(syntaxError('['.repeat(100_000))?.what).toContain('fewer levels of nesting')
})

test('columnOf returns the column where the text of a value begins', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.nat(3), (value, key, before) => {
      const filler = Array.from({ length: before }, () => null)
      for (const spaces of [0, 2]) {
        const text = JSON.stringify({ first: 1, [`_${key}`]: [...filler, value] }, null, spaces)
        const column = columnOf(text, [`_${key}`, before])
        const rest = [...text].slice(column - 1).join('')
        expect(rest.startsWith(JSON.stringify(value, null, spaces).slice(0, 1))).toBe(true)
        if (spaces === 0) expect(rest).toBe(`${JSON.stringify(value)}]}`)
      }
    }),
  )
  expect(columnOf('{"a": 1}', ['b'])).toBeUndefined()
  expect(columnOf('{"a": 1, "a": 2}', ['a'])).toBe(15)
})
