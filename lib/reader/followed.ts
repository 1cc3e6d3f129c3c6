/** The layouts that `FrameReader.follow` follows. */
import { choiceOf, type GivenLayout, isLayout } from '../frames/file/choose.js'
import { followOptions } from '../frames/read/follow.js'
import type { MakeDecoder } from '../frames/read/frames.js'
import type { Followed } from '../frames/read/live-rows.js'
import { RecordDecoder } from '../frames/read/record-decoder.js'
import type { FrameReading } from '../layout/infer.js'
import type { Layout } from '../layout/model.js'
import type { LayoutSpec } from '../layout/spec.js'

/** Layouts of one file, or the names of their groups, by names of the caller's choice. */
export type FollowedLayouts = Readonly<Record<string, Layout | string>>

/** A frame of one of several layouts, with the name of its layout. */
export type FollowedFrame<L extends FollowedLayouts> = {
  [K in keyof L & string]: { layout: K } & FrameReading<L[K] extends Layout<infer S> ? S : LayoutSpec>
}[keyof L & string]

/** True for layouts by name; false for a layout and for options. */
export function isByName(given: unknown): given is FollowedLayouts {
  if (typeof given !== 'object' || given === null || isLayout(given)) return false
  const entries = Object.entries(given)
  const isOption = ([name, value]: [string, unknown]) => followOptions.includes(name) && !isLayout(value)
  return (
    entries.length > 0 &&
    entries.every(([, value]) => isLayout(value) || typeof value === 'string') &&
    !entries.some(isOption)
  )
}

const makeDecoder: MakeDecoder<FrameReading<LayoutSpec>> = (file) => new RecordDecoder(file)

/** One layout. */
export function followedFrames(layout: GivenLayout): Followed<FrameReading<LayoutSpec>> {
  return { layout: choiceOf(layout), makeDecoder }
}

/** Several layouts, whose frames get the names of their layouts. */
export function followedByName(layouts: FollowedLayouts): Followed<{ layout: string } & FrameReading<LayoutSpec>>[] {
  return Object.entries(layouts).map(([name, layout]) => ({
    layout: choiceOf(layout),
    makeDecoder: (file) => {
      const decoder = makeDecoder(file)
      return {
        *frames(arrays, rows) {
          for (const frame of decoder.frames(arrays, rows)) yield { layout: name, ...frame }
        },
      }
    },
  }))
}
