/** The attributes of a recording as netCDF can hold them. */
import type { Recording } from '../core/format.js'
import { attributesOf } from '../core/recordings.js'
import type { TimeAxis } from '../dense/survey.js'

export type NetcdfValue = string | number | readonly string[] | Float64Array

/** movement's own attributes, and all others; nested lists as JSON, since netCDF has lists only. */
export function attributesForNetcdf(recording: Recording, kind: string, time: TimeAxis): Record<string, NetcdfValue> {
  const { names: _, fps: __, ...others } = attributesOf(recording)
  const own: Record<string, NetcdfValue> = {
    source_software: 'h5tracks',
    source_file: '',
    ...Object.fromEntries(
      Object.entries(others).flatMap(([name, value]) => {
        const plain = plainValue(value)
        return plain === undefined ? [] : [[name.replaceAll('/', '_'), plain]]
      }),
    ),
    ds_type: kind,
    time_unit: time.unit,
    ...(time.fps !== undefined && { fps: time.fps }),
  }
  if (own.source_file === '') delete own.source_file
  return own
}

function plainValue(value: unknown): NetcdfValue | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value)
  if (ArrayBuffer.isView(value)) return Float64Array.from(value as unknown as ArrayLike<number>, Number)
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'string')) return value.length > 0 ? (value as string[]) : undefined
    if (value.every((one) => typeof one === 'number')) return Float64Array.from(value)
    return JSON.stringify(value)
  }
  if (typeof value !== 'object' || value === null || !('data' in value)) return undefined
  const { data, shape } = value as { data: ArrayLike<unknown>; shape: readonly number[] }
  const flat = Array.from(data, (one) => (typeof one === 'bigint' ? Number(one) : one))
  if (shape.length <= 1) return plainValue(shape.length === 0 ? flat[0] : flat)
  return JSON.stringify(shape.slice(1).reduceRight<unknown[]>((list, n) => rowsOf(list, n), flat))
}

const rowsOf = (list: readonly unknown[], n: number): unknown[] =>
  Array.from({ length: n > 0 ? list.length / n : 0 }, (_, i) => list.slice(i * n, (i + 1) * n))
