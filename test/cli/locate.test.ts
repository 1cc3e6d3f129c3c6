import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ROOT } from '../support/process.js'

// Where in a line a value or a mistake is. Held against JSON.parse, which knows what is JSON but not where.

const { columnOf, syntaxError } = await import(join(ROOT, 'dist/cli/import/locate.js'))

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a text has a mistake exactly where JSON.parse refuses it', () => {
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
      // Everything before the column could have become JSON, so it is not refused for what it holds.
      expect(error.column).toBeGreaterThanOrEqual(1)
      expect(error.column).toBeLessThanOrEqual([...text].length + 1)
    }),
    { numRuns: 2000 },
  )
})

test('a long line takes no longer than its length', () => {
  const long = 'a'.repeat(2_000_000)
  expect(syntaxError(`{"a": "${long}`)).toEqual({
    column: 2_000_008,
    what: 'the line ends where the rest of a string is expected',
  })
  expect(syntaxError('['.repeat(100_000))?.what).toContain('fewer levels of nesting')
})

test('a value is found where its text begins', () => {
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
