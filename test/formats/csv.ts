import { writeFileSync } from 'node:fs'
import { FrameReader } from 'h5tracks'
import { type ConvertOptions, type ConvertReport, convert } from 'h5tracks/formats'
import { scratch } from '../support/scratch.js'

/** Converts a table to a file and reads it back, frame by frame. */
export async function table(text: string | Buffer, options: ConvertOptions = {}, name = 'in.csv') {
  const [from, to] = [scratch(name), scratch('out.h5')]
  writeFileSync(from, text)
  const done = await convert(from, to, options)
  return { ...(await contents(to)), from, to, done, said: said(done) }
}

/** The frames of the only recording of a file, its layout and its metadata. */
export async function contents(path: string) {
  using reader = new FrameReader(path)
  const frames: Record<string, unknown>[] = []
  for await (const { frameIndex, records, perFrame } of reader.frames()) {
    frames.push({ frame: frameIndex, ...plain(perFrame), records: records?.map(plain) })
  }
  const { layout, metadata, cameraNames } = reader
  return { frames, layout, metadata, cameraNames }
}

/** Typed arrays as lists. */
function plain(values: object): Record<string, unknown> {
  const one = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? plain(value) : value
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, one(value)]))
}

/** The report, a line for each entry. */
export const said = ({ report }: ConvertReport): string[] =>
  report.map((entry) => {
    if (entry.kind === 'lost') return `lost ${entry.what} ${entry.count}`
    return entry.kind === 'guessed' ? `guessed ${entry.what}: ${entry.value}` : `kept ${entry.what} in ${entry.where}`
  })
