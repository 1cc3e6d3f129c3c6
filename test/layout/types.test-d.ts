import type {
  ColumnsInput,
  FieldNameOf,
  FrameReading,
  Layout,
  LayoutSpec,
  NdArray,
  PerFrameInput,
  PerFrameParameter,
  ReadColumns,
  RecordInput,
  RecordReading,
  TrajectoryOf,
} from 'h5tracks'
import { defineLayout, FrameWriter, type midlineLayout, midlineLayoutWith, poseLayout } from 'h5tracks'
import { expectTypeOf } from 'vitest'

// What a layout says about the types of its records, columns and readings. `npm run types` compiles this file; nothing runs it.

type SpecOf<L> = L extends Layout<infer S> ? S : never

const poses = defineLayout({
  group: 'poses',
  slots: { name: 'animalId', max: 5 },
  perFrame: {
    frameIndex: 'int64',
    time: { type: 'float64', unit: 's' },
    note: { type: 'string', length: 8, optional: true },
  },
  fields: {
    keypoints: { type: 'float32', shape: [17, 2] },
    score: { type: 'float16', shape: [17], optional: true },
    label: { type: 'enum', members: { idle: 0, feeding: 1 } },
    labels: { type: 'enum', members: { left: 0, right: 1 }, base: 'uint16', shape: [2], optional: true },
    stamp: { type: 'uint64', optional: true },
    stamps: { type: 'int64', shape: [3], optional: true },
    seen: 'bool',
    flags: { type: 'bool', shape: [2, 2], optional: true },
    name: { type: 'string', length: 16, optional: true },
    names: { type: 'string', length: 16, shape: [2], optional: true },
  },
  perCamera: { box: { type: 'int32', shape: [4] }, sharp: { type: 'bool', optional: true } },
  drops: true,
})
type Poses = SpecOf<typeof poses>
type Labels = 'idle' | 'feeding'
type Sides = 'left' | 'right'

const sensor = defineLayout({ group: 'sensor', fields: { volts: { type: 'float32', shape: [8] }, gain: 'uint8' } })
type Sensor = SpecOf<typeof sensor>

// The names of the columns.
expectTypeOf<FieldNameOf<Poses>>().toEqualTypeOf<
  | ('frameIndex' | 'time' | 'note' | 'animalId' | 'keypoints' | 'score' | 'label' | 'labels' | 'stamp' | 'stamps')
  | ('seen' | 'flags' | 'name' | 'names' | 'box' | 'sharp' | 'dropped')
>()
expectTypeOf<FieldNameOf<Sensor>>().toEqualTypeOf<'frameIndex' | 'volts' | 'gain'>()

// Records as they are given.
expectTypeOf<RecordInput<Poses>>().toEqualTypeOf<{
  animalId: number
  keypoints: ArrayLike<number> | readonly ArrayLike<number>[] | null
  label: Labels
  seen: boolean
  score?: ArrayLike<number> | null | undefined
  labels?: readonly Sides[] | undefined
  stamp?: number | bigint | undefined
  stamps?: ArrayLike<number | bigint> | undefined
  flags?: readonly boolean[] | readonly (readonly boolean[])[] | undefined
  name?: string | undefined
  names?: readonly string[] | undefined
  box: Readonly<Record<string, ArrayLike<number>>> | ReadonlyMap<string, ArrayLike<number>>
  sharp?: Readonly<Record<string, boolean>> | ReadonlyMap<string, boolean> | undefined
}>()
expectTypeOf<RecordInput<Sensor>>().toEqualTypeOf<{ volts: ArrayLike<number> | null; gain: number }>()
expectTypeOf<PerFrameInput<Poses>>().toEqualTypeOf<{
  time: number
  note?: string | undefined
  dropped?: Iterable<string> | undefined
}>()
expectTypeOf<PerFrameInput<Sensor>>().toEqualTypeOf<Record<string, never>>()
expectTypeOf<PerFrameParameter<Sensor>>().toEqualTypeOf<[perFrame?: Record<string, never>]>()
expectTypeOf<PerFrameParameter<Poses>>().toEqualTypeOf<[perFrame: PerFrameInput<Poses>]>()

const record = { animalId: 3, keypoints: new Float32Array(34), label: 'idle', seen: true, box: {} } as const
export const accepted: RecordInput<Poses>[] = [
  record,
  { ...record, box: { top: [1, 2, 3, 4] }, stamp: 2n ** 60n, stamps: new BigInt64Array(3) },
  { ...record, keypoints: Array.from({ length: 17 }, () => [0, 1]), box: new Map([['top', new Int32Array(4)]]) },
  {
    ...record,
    stamps: [1, 2n, 3],
    flags: [
      [true, false],
      [false, true],
    ],
    names: ['a', 'b'],
    labels: ['left', 'right'],
  },
]
export const refused: RecordInput<Poses>[] = [
  // @ts-expect-error: a field is misspelt
  { ...record, scores: [1] },
  // @ts-expect-error: the key is missing
  { keypoints: [], label: 'idle', seen: true, box: {} },
  // @ts-expect-error: a field is missing that is not optional
  { animalId: 3, keypoints: [], seen: true, box: {} },
  // @ts-expect-error: the values of cameras are missing
  { animalId: 3, keypoints: [], label: 'idle', seen: true },
  // @ts-expect-error: no member of the enum
  { ...record, label: 'sleeping' },
  // @ts-expect-error: members have names here, not numbers
  { ...record, label: 1 },
  // @ts-expect-error: a text where an array of texts is expected
  { ...record, names: 'ab' },
  // @ts-expect-error: arrays nested deeper than the shape
  { ...record, score: [[1], [2]] },
  // @ts-expect-error: a bool is no number
  { ...record, seen: 1 },
  // @ts-expect-error: a number of 32 bits is no bigint
  { ...record, box: { top: [1n, 2n, 3n, 4n] } },
]
// @ts-expect-error: the time of a frame is missing
export const noTime: PerFrameInput<Poses> = { dropped: ['top'] }
// @ts-expect-error: this layout does not record dropped frames
export const noDrops: PerFrameInput<Sensor> = { dropped: ['top'] }

// A batch, and what `read` gives.
expectTypeOf<ReadColumns<Poses>>().toEqualTypeOf<{
  frameIndex: NdArray<BigInt64Array>
  time: NdArray<Float64Array>
  note: NdArray<string[]>
  animalId: NdArray<Int32Array>
  keypoints: NdArray<Float32Array>
  score: NdArray<Float32Array>
  label: NdArray<Int8Array>
  labels: NdArray<Uint16Array>
  stamp: NdArray<BigUint64Array>
  stamps: NdArray<BigInt64Array>
  seen: NdArray<Uint8Array>
  flags: NdArray<Uint8Array>
  name: NdArray<string[]>
  names: NdArray<string[]>
  box: Record<string, NdArray<Int32Array>>
  sharp: Record<string, NdArray<Uint8Array>>
  dropped: Record<string, NdArray<Uint8Array>>
  cameraNames: string[]
  metadata: ReadColumns<Sensor>['metadata']
}>()
expectTypeOf<keyof ReadColumns<Poses, 'time' | 'box'>>().toEqualTypeOf<'time' | 'box' | 'cameraNames' | 'metadata'>()
// @ts-expect-error: the layout has no such column
export type NoColumn = ReadColumns<Poses, 'boxes'>
expectTypeOf<ReadColumns<Poses>>().toExtend<ColumnsInput<Poses>>()
expectTypeOf<ColumnsInput<Sensor>>().toEqualTypeOf<{
  frameIndex: BigInt64Array | { readonly data: BigInt64Array }
  volts: Float32Array | { readonly data: Float32Array }
  gain: Uint8Array | { readonly data: Uint8Array }
}>()
const batch = { frameIndex: new BigInt64Array(1), volts: new Float32Array(8), gain: new Uint8Array(1) }
export const batches: ColumnsInput<Sensor>[] = [
  batch,
  // @ts-expect-error: a column is misspelt
  { ...batch, volt: batch.volts },
  // @ts-expect-error: a column is missing
  { frameIndex: batch.frameIndex, volts: batch.volts },
  // @ts-expect-error: an array of another type than the column
  { ...batch, volts: new Float64Array(8) },
]
type OptionalColumns = { [K in keyof ColumnsInput<Poses>]-?: undefined extends ColumnsInput<Poses>[K] ? K : never }
expectTypeOf<OptionalColumns[keyof OptionalColumns]>().toEqualTypeOf<
  'note' | 'score' | 'labels' | 'stamp' | 'stamps' | 'flags' | 'name' | 'names' | 'sharp' | 'dropped'
>()

// Frames that were read can be written again.
expectTypeOf<RecordReading<Poses>>().toEqualTypeOf<{
  animalId: number
  keypoints: Float32Array
  score: Float32Array
  label: Labels
  labels: Sides[]
  stamp: number | bigint
  stamps: BigInt64Array
  seen: boolean
  flags: boolean[]
  name: string
  names: string[]
  box: Record<string, Int32Array>
  sharp: Record<string, boolean>
}>()
expectTypeOf<FrameReading<Poses>>().toEqualTypeOf<{
  frameIndex: number | bigint
  records: RecordReading<Poses>[]
  perFrame: { time: number; note: string; dropped: string[] }
}>()
expectTypeOf<keyof FrameReading<Sensor>>().toEqualTypeOf<'frameIndex' | 'record' | 'perFrame'>()
expectTypeOf<FrameReading<Sensor>['record']>().toEqualTypeOf<{ volts: Float32Array; gain: number }>()
expectTypeOf<RecordReading<Poses>>().toExtend<RecordInput<Poses>>()
expectTypeOf<FrameReading<Poses>['perFrame']>().toExtend<PerFrameInput<Poses>>()
expectTypeOf<FrameReading<Sensor>['perFrame']>().toExtend<PerFrameInput<Sensor>>()

// One animal's rows.
expectTypeOf<TrajectoryOf<Poses>['key']>().toEqualTypeOf<number>()
expectTypeOf<TrajectoryOf<Poses>['box']>().toEqualTypeOf<Record<string, NdArray<Int32Array>>>()
expectTypeOf<Exclude<FieldNameOf<Poses>, keyof TrajectoryOf<Poses>>>().toEqualTypeOf<'animalId'>()

// Fields that older files lack.
const grown = defineLayout({
  group: 'grown',
  fields: { length: 'float32', depth: { type: 'float32', inFile: 'optional' } },
  perCamera: { area: { type: 'int32', inFile: 'optional' } },
})
type Grown = SpecOf<typeof grown>
expectTypeOf<RecordReading<Grown>>().toEqualTypeOf<{ length: number; depth?: number; area?: Record<string, number> }>()
expectTypeOf<RecordReading<Grown>>().toExtend<RecordInput<Grown>>()
expectTypeOf<ReadColumns<Grown>>().toExtend<ColumnsInput<Grown>>()
expectTypeOf<ReadColumns<Grown>['depth']>().toEqualTypeOf<NdArray<Float32Array> | undefined>()

// A shape of which only the number of axes is known, as in a function that makes layouts.
export function skeleton(nodes: number) {
  return defineLayout({ group: 'poses', fields: { points: { type: 'float32', shape: [nodes, 2] } } })
}
type Skeleton = SpecOf<ReturnType<typeof skeleton>>
expectTypeOf<RecordInput<Skeleton>>().toEqualTypeOf<{
  points: ArrayLike<number> | readonly ArrayLike<number>[] | null
}>()
expectTypeOf<RecordReading<Skeleton>>().toEqualTypeOf<{ points: Float32Array }>()

// The calls of a writer.
export function calls() {
  const writer = new FrameWriter('run.h5', poses, { cameras: ['top'] })
  writer.writeFrame(1, [record], { time: 0.5, dropped: ['top'] })
  writer.writeFrame(1n, new Set([record]), { time: 0.5 })
  // @ts-expect-error: the values of the frame are missing
  writer.writeFrame(1, [record])
  // @ts-expect-error: a field of the frame is misspelt
  writer.writeFrame(1, [record], { times: 0.5 })
  // @ts-expect-error: a field of the record is misspelt
  writer.writeFrame(1, [{ ...record, lable: 'idle' }], { time: 0.5 })
  // @ts-expect-error: the layout has slots
  writer.writeFrame(1, record, { time: 0.5 })

  const any: FrameWriter = new FrameWriter('run.h5', poses as Layout)
  any.writeFrame(1, [record], { time: 0.5 })
  any.writeFrame(1, record)

  const sensors = new FrameWriter('run.h5', sensor)
  sensors.writeFrame(1, { volts: [1, 2, 3, 4, 5, 6, 7, 8], gain: 1 })
  sensors.writeFrames(batch)
  // @ts-expect-error: a column is misspelt
  sensors.writeFrames({ ...batch, volt: batch.volts })

  const both = new FrameWriter('run.h5', { animals: poses, light: sensor }, { cameras: ['top'] })
  both.writeFrame(1, { animals: [record], light: { volts: null, gain: 1 } }, { animals: { time: 0.5 } })
  // @ts-expect-error: a frame belongs to all layouts
  both.writeFrame(1, { animals: [record] }, { animals: { time: 0.5 } })
  // @ts-expect-error: the file has no such layout
  both.writeFrame(1, { animals: [record], light: { volts: null, gain: 1 }, heat: {} }, { animals: { time: 0.5 } })
}

// The layouts that come with the package.
export const poses3d = poseLayout({ nodes: ['nose', 'tail'], dimensions: 3 })
expectTypeOf<RecordInput<SpecOf<typeof poses3d>>>().toEqualTypeOf<{
  individual: number
  keypoints: ArrayLike<number> | readonly ArrayLike<number>[] | null
  confidence?: ArrayLike<number> | null | undefined
  score?: number | undefined
}>()
export const ofCameras = poseLayout({ nodes: ['nose', 'tail'], dimensions: 3, cameras: ['top'] })
expectTypeOf<RecordReading<SpecOf<typeof ofCameras>>>().toEqualTypeOf<{
  individual: number
  keypoints: Float32Array
  confidence: Float32Array
  score: number
  cameraKeypoints: Record<string, Float32Array>
  cameraConfidence: Record<string, Float32Array>
}>()
expectTypeOf<PerFrameInput<SpecOf<typeof ofCameras>>>().toEqualTypeOf<{
  time?: number | undefined
  dropped?: Iterable<string> | undefined
}>()
expectTypeOf<RecordReading<SpecOf<typeof midlineLayout>>>().toEqualTypeOf<{
  fishId: number
  controlPoints: Float32Array
  arcLength: number
  halfWidths: Float32Array
  nCameras: number
  meanResidual: number
  maxResidual: number
  isLowConfidence: boolean
  centroidZ?: number
  zOffsets?: Float32Array
}>()
export const withPoints = midlineLayoutWith({ points: true })
type Points = RecordInput<SpecOf<typeof withPoints>>
expectTypeOf<Points['points']>().toEqualTypeOf<ArrayLike<number> | readonly ArrayLike<number>[] | null | undefined>()
expectTypeOf<Points['arcLength']>().toEqualTypeOf<number | undefined>()

// A layout that was found in a file: any names, but never `any`.
expectTypeOf(poses).toExtend<Layout>()
expectTypeOf<FieldNameOf<LayoutSpec>>().toEqualTypeOf<string>()
expectTypeOf<RecordReading<LayoutSpec>[string]>().not.toBeAny()
expectTypeOf<FrameReading<LayoutSpec>['records']>().toEqualTypeOf<RecordReading<LayoutSpec>[] | undefined>()
expectTypeOf<ReadColumns<LayoutSpec>['cameraNames']>().toEqualTypeOf<string[]>()
expectTypeOf<ReadColumns<LayoutSpec, 'time'>['time']>().not.toBeAny()
expectTypeOf<TrajectoryOf<LayoutSpec>['key']>().toEqualTypeOf<number>()
export const open: RecordInput<LayoutSpec> = {
  animalId: 3,
  keypoints: [[1, 2]],
  label: 'idle',
  box: { top: [1, 2, 3, 4] },
}
export const openFrame: PerFrameInput<LayoutSpec> = { time: 1, dropped: new Set(['top']) }
export const openColumns: ColumnsInput<LayoutSpec> = {
  frameIndex: new BigInt64Array(1),
  box: { top: new Int32Array(4) },
}
