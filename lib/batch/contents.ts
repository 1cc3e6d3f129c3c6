/** What the shards of a run contain, as the log records it, and how the writer of a shard is opened. */
import { createHash } from 'node:crypto'
import { H5TracksError, show } from '../base/errors.js'
import { checkCameraNames } from '../frames/file/cameras.js'
import { camerasFor, namedLayouts } from '../frames/write/frame-contents.js'
import { checkFrameOptions, type FrameWriterOptions } from '../frames/write/frame-options.js'
import { FrameWriter } from '../frames/write/frame-writer.js'
import type { Layout } from '../layout/model.js'
import { checkWriterOptions, type WriterOptions } from '../tracking/options.js'
import { TrackingWriter } from '../tracking/writer.js'
import type { RunContents } from './log/entry.js'

/** The writer of a shard, whatever its frames are. */
export interface ShardWriter {
  writeFrame(frameIndex: number, ...frame: never[]): boolean
  writeFrames(batch: never): boolean
  drain(): Promise<void>
  close(): Promise<void>
  closeSync(): void
  stats(): { encodeSeconds: number; commitSeconds: number; queueDepth: number; longestWaitSeconds: number }
}

/** The contents of a run, and what opens the writers of its shards. */
export interface Opening {
  contents: RunContents
  open(path: string): ShardWriter
}

/** Checks the options of tracking files. */
export function trackingOpening(cameras: unknown, options: WriterOptions): Opening {
  const cameraNames = checkCameraNames(cameras, 'cameras')
  const { maxFish, chunkFrames } = checkWriterOptions(options)
  return {
    contents: {
      layouts: [{ group: '/tracking', digest: 'tracking' }],
      cameras: cameraNames,
      slots: maxFish,
      chunkFrames,
    },
    open: (path) => new TrackingWriter(path, cameraNames, options),
  }
}

/** Checks the options of files of other layouts. */
export function layoutOpening(layout: unknown, options: FrameWriterOptions): Opening {
  const named = namedLayouts(layout)
  const { slots, cameras, chunkFrames } = checkFrameOptions(options)
  const cameraNames = camerasFor(named, cameras)
  return {
    contents: {
      layouts: named.map(({ layout: one }) => ({ group: one.root, digest: digest(one) })),
      cameras: cameraNames,
      slots: slots ?? (named.length === 1 && named[0]?.layout.key ? named[0].layout.slots : null),
      chunkFrames,
    },
    open: (path) => new FrameWriter(path, layout as Layout, { ...options, cameras: cameraNames }),
  }
}

function digest({ root, fields, axes, format, key, slots }: Layout): string {
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value)
  const text = JSON.stringify([root, fields, axes, format, key?.name ?? null, slots], plain)
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Throws ERR_FORMAT if the shards that exist have other contents than those of this attempt. */
export function checkContents(name: string, has: RunContents, wanted: RunContents): void {
  for (const property of ['layouts', 'cameras', 'slots', 'chunkFrames'] as const) {
    if (JSON.stringify(has[property]) === JSON.stringify(wanted[property])) continue
    const option = property === 'slots' && wanted.layouts[0]?.digest === 'tracking' ? 'maxFish' : property
    const [found, given] = property === 'layouts' ? [groups(has), groups(wanted)] : [has[property], wanted[property]]
    throw new H5TracksError(
      `the run ${name} has ${option} ${show(found)}; it cannot be continued with ${show(given)}` +
        (property === 'layouts' ? ', whose fields or group differ' : ''),
      { code: 'ERR_FORMAT', path: name, field: option === 'layouts' ? 'layout' : option },
    )
  }
}

const groups = ({ layouts }: RunContents) => layouts.map(({ group, digest }) => `${group} (${digest})`)
