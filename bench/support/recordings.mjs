// Recordings of people: a folder of JSON lines, one frame a line, as `h5tracks import` takes them (NAME.jsonl or NAME.jsonl.gz).
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/**
 * Reads the recordings of a folder and writes each as one JSON document that every program parses: { cameras, maxFish, frames:
 * [[index, tracks], ...] }. `file` makes the paths of the documents. `original`: AquaPose's own file (NAME.h5), if there is one.
 */
export async function prepareRecordings(folder, file) {
  const entries = (await readdir(folder)).sort()
  const listed = await readList(folder, entries)
  const recordings = []
  for (const entry of entries) {
    const name = /^(.*)\.jsonl(?:\.gz)?$/.exec(entry)?.[1]
    if (name === undefined) continue
    const recording = parse(await readFile(join(folder, entry)), listed.get(name))
    const source = file(`real-${recordings.length}.json`)
    await writeFile(source, JSON.stringify(recording))
    const original = entries.includes(`${name}.h5`) ? join(folder, `${name}.h5`) : undefined
    recordings.push({ name, source, original, frames: recording.frames.length })
  }
  if (recordings.length === 0) throw new Error(`${folder} holds no NAME.jsonl and no NAME.jsonl.gz`)
  return recordings
}

/** list.tsv: a line of name, cameras (with commas), maxFish for each recording. The columns after them are not read. */
async function readList(folder, entries) {
  if (!entries.includes('list.tsv')) return new Map()
  const lines = (await readFile(join(folder, 'list.tsv'), 'utf8')).trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [name, cameras, maxFish] = line.split('\t')
      return [name, { cameras: cameras === '' ? [] : cameras.split(','), maxFish: Number(maxFish) }]
    }),
  )
}

/** The cameras and maxFish are those of the list, else those of the first line, else those that occur. */
function parse(bytes, listed) {
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString()
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const header = lines[0].tracks === undefined ? lines.shift() : {}
  const frames = lines.map(({ frame, tracks }) => [frame, tracks])
  return { ...occurring(frames), ...header, ...listed, frames }
}

function occurring(frames) {
  const cameras = new Set()
  let maxFish = 1
  for (const [, tracks] of frames) {
    maxFish = Math.max(maxFish, tracks.length)
    for (const track of tracks)
      for (const name of Object.keys({ ...track.cameraDetections, ...track.bboxes })) cameras.add(name)
  }
  return { cameras: [...cameras].sort(), maxFish }
}
