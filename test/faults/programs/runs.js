// What the programs write: tracking files, or files of random layouts. Frame i of a seed is the same in every process.
import { FrameWriter, TrackingWriter } from 'h5tracks'
import { Content } from '../../support/frames/content.js'
import { CAMERAS, frameOf, placeOf, slotsOf } from './content.js'

/**
 * @typedef {TrackingWriter | FrameWriter<any>} Writer
 *
 * @typedef {object} Run
 * @property {(path: string, options: object) => Writer} create
 * @property {(path: string, options: object) => Promise<Writer>} resume
 * @property {(writer: any, i: number) => boolean} write writes frame i
 * @property {(writer: any, from: number, to: number) => boolean} writeBatch
 * @property {(frameIndex: number | bigint) => number} placeOf
 */

/** @param {number} seed @returns {Run} */
const trackingRun = (seed) => ({
  create: (path, options) => new TrackingWriter(path, CAMERAS, { maxFish: slotsOf(seed), ...options }),
  resume: (path, options) => TrackingWriter.resume(path, options),
  write(writer, i) {
    const { frameIndex, tracks } = frameOf(seed, i)
    return writer.writeFrame(frameIndex, tracks)
  },
  writeBatch() {
    throw new Error('a tracking file is written frame by frame')
  },
  placeOf: (frameIndex) => placeOf(seed, frameIndex),
})

/** @param {number} seed @returns {Run} */
function layoutRun(seed) {
  const content = new Content(seed)
  return {
    create: (path, options) => new FrameWriter(path, content.layout, { cameras: content.cameras, ...options }),
    resume: (path, options) => FrameWriter.resume(path, content.layout, options),
    write: (writer, i) => writer.writeFrame(...content.frame(i)),
    writeBatch: (writer, from, to) => writer.writeFrames(content.batch(from, to)),
    placeOf: (frameIndex) => content.placeOf(frameIndex),
  }
}

/** @param {import('../scripts.js').Job} job @returns {Run} */
export const runOf = ({ seed, layouts = false }) => (layouts ? layoutRun(seed) : trackingRun(seed))
