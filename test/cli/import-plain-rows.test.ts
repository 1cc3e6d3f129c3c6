import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { readTrackingResultsSync } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { h5tracks } from './served.js'

// Plain rows of CSV are read from their bytes, without the CSV parser. They must give the same file, report and errors as with the
// parser, which reads all rows of a file whose delimiter is not a common one.

const FAST = '|'
const PARSED = ':'

/** Imports rows whose cells are separated by the given delimiter; returns everything that an import leaves. */
async function imported(rows: readonly (readonly string[])[], delimiter: string, args: readonly string[] = []) {
  const [source, out] = [scratch('fish.csv'), scratch()]
  const lines = rows.map((cells) => cells.join(delimiter))
  writeFileSync(source, `sep=${delimiter}\n${lines.join('\n')}\n`)
  const { code, stdout, stderr } = await h5tracks(['import', source, out, ...args])
  const plain = (text: string) =>
    text
      .replaceAll(source, 'fish.csv')
      .replaceAll(out, 'out.h5')
      .replace(/.* frames\/s\n$/, '')
  return {
    code,
    stdout: plain(stdout),
    stderr: plain(stderr),
    results: code === 0 ? readTrackingResultsSync(out) : null,
  }
}

/** Expects the same of both ways. Returns it. */
async function importedTwice(rows: readonly (readonly string[])[], args: readonly string[] = []) {
  const [fast, parsed] = await Promise.all([FAST, PARSED].map((delimiter) => imported(rows, delimiter, args)))
  expect(fast).toEqual(parsed)
  return fast!
}

const HEADER = 'frame,id,x,y,z,confidence,n_cameras,confirmed,note,a_left,a_top,a_width,a_height,a_det_index'.split(',')
const row = (frame: number | string, id: number | string, different: Record<string, string> = {}) => {
  const cells = [String(frame), String(id), ...'1.5,-2,3e1,0.5,2,True,,10,20,30,40,3'.split(',')]
  return HEADER.map((name, i) => different[name] ?? cells[i]!)
}

const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`))
const decimal = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(0, 9), digits(0, 24))
  .filter(([, before, after]) => before + after !== '')
  .map(([sign, before, after]) => `${sign}${before}${after === '' && before !== '' ? '' : `.${after}`}`)
const numeral = fc.oneof(
  decimal,
  fc.tuple(decimal, fc.constantFrom('e', 'E'), fc.integer({ min: -30, max: 20 })).map((parts) => parts.join('')),
  fc.double({ noNaN: true, min: -1e30, max: 1e30 }).map(String),
  fc.double({ noNaN: true, min: -2e9, max: 2e9 }).map(String),
  // Halfway between two float32, and next to it.
  fc
    .tuple(fc.integer({ min: 2 ** 23, max: 2 ** 24 }), fc.constantFrom('.5', '.50000001', '.4999999999999999999999'))
    .map((parts) => parts.join('')),
)
const SEED = { seed: 20261130, numRuns: 3000 }

describe('numbers in plain rows of CSV', () => {
  test('import stores the nearest float32 of each coordinate in any notation', async () => {
    const texts = fc.sample(numeral, SEED)
    const rows = texts.map((text, frame) => row(frame, 1, { x: text, confidence: text }))
    const { code, results } = await imported([HEADER, ...rows], FAST, ['--max-fish', '1'])
    expect(code).toBe(0)
    const numbers = Float32Array.from(texts, Number)
    expect(results!.centroid3d.data.filter((_, i) => i % 3 === 0)).toEqual(numbers)
    expect(results!.confidence.data).toEqual(numbers)
  })

  test('import truncates the sides of boxes in any notation, and counts the boxes with fractions', async () => {
    const texts = fc.sample(numeral, SEED).filter((text) => Math.abs(Number(text)) < 2 ** 31)
    expect(texts.length).toBeGreaterThan(1000)
    const rows = texts.map((text, frame) => row(frame, 1, { a_width: text }))
    const { code, stdout, results } = await imported([HEADER, ...rows], FAST, [
      '--max-fish',
      '1',
      '--chunk-frames',
      '300',
    ])
    expect(code).toBe(0)
    const numbers = texts.map(Number)
    expect(results!.bboxes.a!.data.filter((_, i) => i % 4 === 2)).toEqual(Int32Array.from(numbers, Math.trunc))
    const fractional = numbers.filter((number) => !Number.isInteger(number)).length
    expect(stdout).toContain(`${fractional.toLocaleString('en')} boxes had fractions`)
    expect(results!.metadata.boxes_truncated).toBe(fractional)
  })

  test.each(['1.0', '1.000000000000000000e+00', '0.10e1', '100E-2', '+1', ' 1', '1.', '"1"', '0001'])(
    'import reads %j as the integer 1 in each column of integers',
    async (text) => {
      const same = { id: text, n_cameras: text, confirmed: text, a_det_index: text }
      const { results } = await importedTwice([HEADER, row(text, text, same)])
      expect(results!.frameIndex.data).toEqual(BigInt64Array.of(1n))
      const { fishId, nCameras, isConfirmed, cameraAssignments } = results!
      const first = [fishId, nCameras, isConfirmed, cameraAssignments.a!].map(({ data }) => data[0])
      expect(first).toEqual([1, 1, 1, 1])
    },
  )
})

describe('plain rows and others', () => {
  const cell = fc.constantFrom(
    ...['', '', 'NaN', 'NA', 'null', 'None', '<NA>', ' 12 ', '\t9', '"3"', '""', '7.0', '-1', '0', '1e2', '.5'],
  )
  const note = fc.constantFrom('', 'text', '"a|b:c;d,e"', '"he said ""no"""', '"two\nlines"', 'café', '#1')
  const rowOf = fc.record({
    confidence: cell,
    n_cameras: fc.constantFrom('', '1', '"2"', ' 3 '),
    confirmed: fc.constantFrom('', 'T', 'no', '1', 'FALSE', '"true"'),
    note,
    a_det_index: fc.constantFrom('', '-1', '4', '"5"'),
  })
  const table = fc.array(
    fc.tuple(fc.array(rowOf, { maxLength: 4 }), fc.constantFrom([], [''], ['', '', '', ''], ['  '])),
    {
      minLength: 1,
      maxLength: 60,
    },
  )

  test('import gives the same file and report with the byte reader and with the CSV parser', async () => {
    for (const frames of fc.sample(table, { seed: 20261130, numRuns: 12 })) {
      const rows = frames.flatMap(([fish, blank], frame) => [
        ...fish.map((different, i) => row(frame, (i * 5) % 7, different)),
        ...(blank.length > 0 ? [blank] : []),
      ])
      const { code } = await importedTwice([HEADER, row(0, 8), ...rows, row(frames.length, 1)])
      expect(code).toBe(0)
    }
  })

  test('import --sort gives the same file with the byte reader and with the CSV parser', async () => {
    const rows = Array.from({ length: 200 }, (_, i) =>
      row((i * 37) % 50, Math.floor(i / 50), i % 9 === 0 ? { note: '"a ""b"""' } : {}),
    )
    for (const option of ['--sort', '--any-frame-order']) {
      const { code, results } = await importedTwice([HEADER, ...rows], [option])
      expect(code).toBe(0)
      expect(results!.frameIndex.data.length).toBe(50)
    }
  })

  test.each([
    ['a fish that occurs twice', [row(3, 1), row(3, 2), row(3, 1)]],
    ['a fish that occurs twice, once in a quoted row', [row(3, 1), row(3, 1, { note: '"a ""b"""' })]],
    [
      'a fish that occurs twice, in a frame with more fish than those before',
      [row(3, 1), row(3, 2), row(3, 3), row(3, 1)],
    ],
    ['a frame that is not above the one before', [row(1, 1)]],
    ['a frame number beyond 2^53 before a large gap', [row('9007199254740993', 1)]],
    ['a fraction in a frame number', [row('3.5', 1)]],
    ['a fraction in an id', [row(3, '1.9999999999')]],
    ['a negative id', [row(3, -1)]],
    ['a half-known position', [row(3, 1, { y: '' })]],
    ['a half-known box', [row(3, 1, { a_left: 'NA' })]],
    ['a coordinate beyond float32', [row(3, 1, { x: '3.5e38' })]],
    ['a number beyond any number', [row(3, 1, { x: '1e999' })]],
    ['a side beyond int32', [row(3, 1, { a_left: '2147483648' })]],
    ['a detection below -1', [row(3, 1, { a_det_index: '-2' })]],
    ['a fraction of cameras', [row(3, 1, { n_cameras: '1.5' })]],
    ['half a truth', [row(3, 1, { confirmed: '0.5' })]],
    ['an empty id', [row(3, '')]],
    ['a hexadecimal number', [row(3, 1, { x: '0x10' })]],
    ['a separator of thousands', [row(3, 1, { x: '1_000' })]],
    ['two points', [row(3, 1, { x: '1.2.3' })]],
    ['an exponent without digits', [row(3, 1, { x: '1e' })]],
    ['a sign alone', [row(3, 1, { x: '-' })]],
    ['a comma', [row(3, 1, { x: '1,5' })]],
    ['infinity', [row(3, 1, { confidence: 'inf' })]],
    ['a quote inside a cell that is not imported', [row(3, 1, { note: '5" long' })]],
    ['text after a quoted cell', [row(3, 1, { note: '"a"b' })]],
    ['a quote that stays open', [row(3, 1, { note: '"a' })]],
    ['a short row', [['3', '1', '2']]],
    ['a long row', [[...row(3, 1), 'x']]],
  ])('import reports %s in the same words with the byte reader and with the CSV parser', async (_what, rows) => {
    const { code, stderr } = await importedTwice([HEADER, row(1, 1), row(2, 1), ...rows, row(4, 1)])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^h5tracks: (fish\.csv:\d+: |frame 2 is followed by ).*; out\.h5 was not written\n$/)
  })
})

test('import of CSV reads rows wherever the pieces of a stream end', async () => {
  const [source, out, piped] = [scratch('fish.csv'), scratch(), scratch()]
  const frames = 12_000
  const lines = Array.from({ length: frames }, (_, frame) => {
    const rare = frame % 1009 === 0 ? { note: '"long ""text""\n# and a second line"' } : {}
    return [row(frame, 2, rare), row(frame, frame % 2 === 0 ? 1 : 3, { x: `${frame}.25` })]
  })
  const text = [HEADER, ...lines.flat()].map((cells) => cells.join(',')).join('\r\n')
  writeFileSync(source, text)
  expect(text.length).toBeGreaterThan(4 * 2 ** 18)
  expect(await h5tracks(['import', source, out])).toMatchObject({ code: 0, stderr: '' })
  expect(await h5tracks(['import', '-', piped], { input: text })).toMatchObject({ code: 0, stderr: '' })

  const { frameIndex, fishId, centroid3d } = readTrackingResultsSync(out)
  expect(Array.from(frameIndex.data, Number)).toEqual(Array.from({ length: frames }, (_, frame) => frame))
  const slots = Array.from({ length: frames }, (_, frame) => [...fishId.data.subarray(2 * frame, 2 * frame + 2)])
  expect(slots).toEqual(Array.from({ length: frames }, (_, frame) => (frame % 2 === 0 ? [1, 2] : [2, 3])))
  const x = (frame: number) => centroid3d.data[6 * frame + (frame % 2 === 0 ? 0 : 3)]
  expect(Array.from({ length: frames }, (_, frame) => x(frame))).toEqual(Array.from(lines, (_, frame) => frame + 0.25))
  const again = readTrackingResultsSync(piped)
  expect([again.frameIndex.data, again.fishId.data, again.centroid3d.data]).toEqual([
    frameIndex.data,
    fishId.data,
    centroid3d.data,
  ])
})
