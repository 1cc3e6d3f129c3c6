import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generator } from '../faults/spread.js'
import { randomBits, specials } from '../support/hdf5/floats.js'
import { python } from '../support/interpreter.js'
import { output, ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Half-precision floats, which Node 20 has no array for, are converted as numpy converts them.

const { halfBits, fromHalfBits } = await import(join(ROOT, 'dist/layout/half.js'))

/** The bits that numpy rounds these numbers to. */
async function roundedByNumpy(numbers: Float64Array): Promise<Uint16Array> {
  const path = scratch('numbers')
  writeFileSync(path, numbers)
  const program = 'import sys, numpy as np; np.fromfile(sys.argv[1]).astype("<f2").tofile(sys.argv[1])'
  await output(python(), ['-W', 'ignore', '-c', program, path])
  const bytes = readFileSync(path)
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

/** NaNs have one bit pattern here. */
const plain = (bits: number) => ((bits & 0x7fff) > 0x7c00 ? 0x7e00 : bits)

async function expectRoundedAsNumpy(numbers: Float64Array) {
  const expected = await roundedByNumpy(numbers)
  const wrong = [...numbers.entries()].filter(([i, number]) => halfBits(number) !== plain(expected[i] as number))
  expect(wrong.slice(0, 5)).toEqual([])
}

test('each of the 65536 halves is read as the number that numpy reads', async () => {
  const path = scratch('halves')
  const program = 'import sys, numpy as np; np.arange(65536, dtype="<u2").view("<f2").astype("<f8").tofile(sys.argv[1])'
  await output(python(), ['-c', program, path])
  const bytes = readFileSync(path)
  const expected = new Float64Array(bytes.buffer, bytes.byteOffset, 65536)
  const wrong = [...expected.entries()].filter(([bits, number]) => !Object.is(fromHalfBits(bits), number))
  expect(wrong.slice(0, 5)).toEqual([])
})

test('each half is written with its own bits', () => {
  const wrong = Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => halfBits(fromHalfBits(bits)) !== plain(bits),
  )
  expect(wrong).toEqual([])
})

test('numbers of any size are rounded as numpy rounds them', async () => {
  const random = generator(16)
  const bits = randomBits(50_000, random)
  // Most float64 are too large or too small for a half.
  const nearby = Float64Array.from({ length: 50_000 }, () => (random() - 0.5) * 2 ** Math.floor(random() * 44 - 26))
  await expectRoundedAsNumpy(Float64Array.of(...bits, ...nearby, ...specials))
})

test('ties between two halves are rounded to the even one, and numbers beside a tie to the nearer one', async () => {
  const finite = Array.from({ length: 0x7bff }, (_, i) => i)
  const ties = finite.map((half) => (fromHalfBits(half) + fromHalfBits(half + 1)) / 2)
  const all = [...ties, 65520].flatMap((tie) => [tie, tie * (1 + 2 ** -52), tie * (1 - 2 ** -53)])
  await expectRoundedAsNumpy(Float64Array.from([...all, ...all.map((number) => -number)]))
})
