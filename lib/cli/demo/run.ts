/** Runs `demo`: simulates, writes, reads back, compares and draws. */
import { existsSync } from 'node:fs'
import { Rig } from '../../simulate/rig.js'
import { TrackingReader } from '../../tracking/reader.js'
import { TrackingWriter } from '../../tracking/writer.js'
import { summarize } from '../info/summary.js'
import { summaryText } from '../info/text.js'
import { pictureFormat } from '../plot/picture-format.js'
import { drawTrajectories } from '../plot/run.js'
import { checkInterruption, Failure, UsageError } from '../shared/exit.js'
import { Replacement } from '../shared/replace.js'
import { count, duration, labelled, print, thousands } from '../shared/terminal.js'
import { difference } from './compare.js'
import type { DemoOptions } from './options.js'

export async function demo(output: string, options: DemoOptions): Promise<void> {
  const picture = options.plot ?? `${output.replace(/\.(h5|hdf5)$/i, '')}.svg`
  pictureFormat(picture)
  if (picture === '-')
    throw new UsageError('--plot needs the name of a file: the report of the demonstration goes to standard output')
  for (const path of [output, picture]) {
    if (!options.overwrite && existsSync(path)) throw new Failure(`${path} exists already; --overwrite replaces it`)
  }
  const rig = new Rig(options)
  print(
    `Simulating ${count(options.fish, 'fish', 'fish')} and ${count(options.cameras, 'camera')} for ${count(options.frames, 'frame')} ...\n`,
  )
  const { writing, reading } = await make(rig, new Replacement(output, options.overwrite), options.small)
  await drawTrajectories(output, picture, { title: `A simulated school (seed ${options.seed})` })

  print(`\n${summaryText(await summarize(output))}`)
  const rate = (milliseconds: number) => `${thousands(options.frames / (milliseconds / 1000))} frames/s`
  print(
    labelled([
      ['Writing', `${duration(writing / 1000)}, ${rate(writing)}`],
      ['Reading', `${duration(reading / 1000)}, ${rate(reading)}; every frame is what was written`],
      ['Picture', picture],
    ]),
  )
}

/** Writes, reads back and compares the file before it gets its final name. Returns milliseconds. */
async function make(rig: Rig, file: Replacement, small: boolean): Promise<{ writing: number; reading: number }> {
  try {
    const writing = await write(rig, file, small)
    const reading = await check(rig, file.path)
    file.settle()
    return { writing, reading }
  } catch (error) {
    if (file.replaces) file.giveUp()
    throw error
  }
}

/** Returns the milliseconds of writing, without those of the simulation. */
async function write(rig: Rig, { path, options }: Replacement, small: boolean): Promise<number> {
  let milliseconds = 0
  const timed = async (work: () => unknown) => {
    const start = performance.now()
    await work()
    milliseconds += performance.now() - start
  }
  await using writer = new TrackingWriter(path, rig.cameraNames, {
    maxFish: rig.options.fish,
    metadata: rig.metadata,
    ...(small && { compression: 'small' as const }),
    ...options,
  })
  for (const batch of batches(rig.frames(), 500)) {
    await timed(async () => {
      for (const { frameIndex, tracks } of batch) if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
    })
    await checkInterruption()
  }
  await timed(() => writer.close())
  return milliseconds
}

/** Compares the file with a second run of the same simulation. Returns the milliseconds of reading. */
async function check(rig: Rig, path: string): Promise<number> {
  using reader = new TrackingReader(path)
  if (reader.length !== rig.options.frames) {
    throw new Failure(`${path} holds ${reader.length} frames, not the ${rig.options.frames} that were written`)
  }
  let milliseconds = 0
  let start = performance.now()
  const written = rig.frames()
  for await (const frame of reader.frames()) {
    milliseconds += performance.now() - start
    const wrong = difference(written.next().value!, frame)
    if (wrong !== null) throw new Failure(`${path} does not hold what was written: ${wrong}`)
    if (Number(frame.frameIndex) % 500 === 0) await checkInterruption()
    start = performance.now()
  }
  return milliseconds
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    if (batch.push(item) < size) continue
    yield batch
    batch = []
  }
  yield batch
}
