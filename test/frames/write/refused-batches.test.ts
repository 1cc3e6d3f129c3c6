import { FrameWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5diff } from '../../support/hdf5/hdf5-tools.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, poses, sensor } from './layouts.js'

// A batch that has one wrong value is refused as a whole: the error names frame, key, camera and field, and the next batch is accepted.

const n = 4
const cells = 3 * n

/** Four frames from `first` on, each with the records 2 and 7 and an empty slot. */
function batch(first: number) {
  const inSlots = <A extends { fill(value: number): A; set(values: number[], at: number): void }>(
    array: A,
    fill: number,
    value: number[],
  ) => {
    array.fill(fill)
    for (let cell = 0; cell < cells; cell++) if (cell % 3 < 2) array.set(value, cell * value.length)
    return array
  }
  return {
    frameIndex: BigInt64Array.from({ length: n }, (_, i) => BigInt(first + i)),
    time: new Float64Array(n).fill(1),
    light: new Uint8Array(n),
    dropped: { side: new Uint8Array(n).fill(1) },
    animalId: Int32Array.from({ length: cells }, (_, cell) => [2, 7, -1][cell % 3]!),
    keypoints: inSlots(new Float32Array(6 * cells), Number.NaN, [1, 2, 3, 4, 5, 6]),
    score: inSlots(new Float32Array(3 * cells), -1, [0.5, 0.25, 1]),
    label: inSlots(new Int8Array(cells), 0, [1]),
    count: inSlots(new Uint8Array(cells), 0, [200]),
    note: Array.from({ length: cells }, (_, cell) => (cell % 3 < 2 ? 'n\u00f6' : '') as string),
    box: { top: inSlots(new Int32Array(4 * cells), -1, [1, 2, 3, 4]) },
  }
}
type Batch = ReturnType<typeof batch>
// biome-ignore lint/suspicious/noExplicitAny: a batch gets columns of other types
type Spoilt = any

const range = 'ERR_OUT_OF_RANGE'
const invalid = 'ERR_INVALID_RECORD'
const argument = 'ERR_INVALID_ARGUMENT'
// The cell of key 7 in the third frame, 12.
const cell = 7
const at = { frame: 12n, key: 7 }

const refusals: [what: string, spoil: (batch: Spoilt) => void, code: string, says: string[], fields?: object][] = [
  [
    'a number above its range',
    ({ score }: Batch) => score.set([1.5], 3 * cell + 1),
    range,
    ['score', 'from -1 to 1', '1.5'],
    at,
  ],
  ['NaN in a field with a range', ({ score }: Batch) => score.set([Number.NaN], 3 * cell), range, ['score', 'NaN'], at],
  ['a number that no member has', ({ label }: Batch) => label.set([5], cell), range, ['label', '1 (feeding)', '5'], at],
  [
    'a half-known vector',
    ({ keypoints }: Batch) => keypoints.set([Number.NaN], 6 * cell + 2),
    invalid,
    ['keypoints', 'two numbers'],
    at,
  ],
  [
    'an infinite vector',
    ({ keypoints }: Batch) => keypoints.set([Number.POSITIVE_INFINITY], 6 * cell + 2),
    range,
    ['keypoints', 'finite'],
    at,
  ],
  [
    'a key twice in a frame',
    ({ animalId }: Batch) => animalId.set([2], cell),
    'ERR_DUPLICATE_KEY',
    ['animalId 2'],
    { frame: 12n, key: 2 },
  ],
  [
    'keys that do not ascend',
    ({ animalId }: Batch) => animalId.set([1], cell),
    invalid,
    ['animalId', 'ascend'],
    { frame: 12n },
  ],
  ['a key below -1', ({ animalId }: Batch) => animalId.set([-2], cell), range, ['animalId', '-2'], { frame: 12n }],
  [
    'a record after an empty slot',
    ({ animalId }: Batch) => animalId.set([-1], cell - 1),
    invalid,
    ['animalId'],
    { frame: 12n },
  ],
  [
    'a value in an empty slot',
    ({ count }: Batch) => count.set([1], cell + 1),
    invalid,
    ['count', '0', 'slot 2'],
    { frame: 12n },
  ],
  [
    'a text in an empty slot',
    ({ note }: Batch) => note.splice(cell + 1, 1, 'x'),
    invalid,
    ['note', 'empty', 'slot 2', "'x'"],
    { frame: 12n },
  ],
  [
    'a value of a camera in an empty slot',
    ({ box }: Batch) => box.top.set([0], 4 * (cell + 1)),
    invalid,
    ["camera 'top'", 'box', '-1'],
    { frame: 12n, camera: 'top' },
  ],
  [
    'a text of too many bytes',
    ({ note }: Batch) => note.splice(cell, 1, 'longer than 8'),
    argument,
    ['note[7]', '8 bytes'],
  ],
  ['a number among texts', (b) => b.note.splice(cell, 1, 5), argument, ['note', 'array of strings']],
  [
    'indices that do not ascend',
    ({ frameIndex }: Batch) => frameIndex.set([11n], 2),
    'ERR_FRAME_ORDER',
    ['frame 11', 'above 11'],
    { frame: 11n },
  ],
  [
    'the index of a frame of the file',
    ({ frameIndex }: Batch) => frameIndex.set([4n], 0),
    'ERR_FRAME_ORDER',
    ['frame 4', 'above 4'],
    { frame: 4n },
  ],
  ['a missing column', (b) => delete b.time, argument, ['time', 'Float64Array', 'n = 4']],
  ['a column of another type', (b) => (b.count = new Int16Array(cells)), argument, ['count', 'Uint8Array']],
  [
    'a column that is too short',
    (b) => (b.score = new Float32Array(3 * cells - 1)),
    argument,
    ['score', 'n x 3 x 3 = 36'],
  ],
  ['a column of a misspelt field', (b) => (b.scores = b.score), argument, ["'scores'", 'score']],
  [
    'columns of an unknown camera',
    (b) => (b.box.front = b.box.top),
    'ERR_UNKNOWN_CAMERA',
    ["'front'", "'top', 'side'"],
    { camera: 'front', field: 'box' },
  ],
  ['a Map of columns by camera', (b) => (b.box = new Map(Object.entries(b.box))), argument, ['box', 'for each camera']],
]

describe.each([1, 3])('in chunks of %i frames', (chunkFrames) => {
  test.each(refusals)('FrameWriter refuses a batch with %s', async (_, spoil, code, says, fields = {}) => {
    const [path, same] = [scratch('refused.h5'), scratch('same.h5')]
    await using writer = new FrameWriter(path, poses, { cameras: CAMERAS, chunkFrames })
    await using other = new FrameWriter(same, poses, { cameras: CAMERAS, chunkFrames })
    for (const each of [writer, other]) each.writeFrames(batch(1))
    const spoilt = batch(10)
    spoil(spoilt)
    const error = await failure(() => writer.writeFrames(spoilt))
    expect(error).toMatchObject({ code, ...fields })
    for (const text of says) expect(error.message).toContain(text)
    expect(writer).toMatchObject({ framesWritten: 4, lastFrameIndex: 4 })
    for (const each of [writer, other]) each.writeFrames(batch(10))
    await Promise.all([writer.close(), other.close()])
    expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
  })
})

test('a batch that one of several layouts refuses leaves nothing in the others', async () => {
  const [path, same] = [scratch('refused.h5'), scratch('same.h5')]
  const layouts = { poses, sensor }
  await using writer = new FrameWriter(path, layouts, { cameras: CAMERAS })
  await using other = new FrameWriter(same, layouts, { cameras: CAMERAS })
  const both = (first: number) => {
    const { frameIndex, ...columns } = batch(first)
    const volts = { frameIndex, volts: new Float32Array(2 * n).fill(first), gain: new Uint16Array(n).fill(first) }
    return { poses: { frameIndex, ...columns }, sensor: volts }
  }
  const spoilt = (spoil: (batch: Spoilt) => void) => {
    const made: Spoilt = both(10)
    spoil(made)
    return made
  }
  const refused: [Spoilt, string][] = [
    [spoilt(({ poses }) => poses.score.set([2], 0)), range],
    [spoilt(({ sensor }) => (sensor.frameIndex = BigInt64Array.of(10n, 11n, 12n, 14n))), argument],
    [spoilt(({ sensor }) => (sensor.gain = new Uint16Array(3))), argument],
    [spoilt((made) => delete made.sensor), argument],
    [spoilt((made) => (made.lamp = {})), argument],
  ]
  for (const each of [writer, other]) each.writeFrames(both(0))
  for (const [given, code] of refused) expect((await failure(() => writer.writeFrames(given))).code).toBe(code)
  for (const each of [writer, other]) each.writeFrames(both(10))
  await Promise.all([writer.close(), other.close()])
  expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
})
