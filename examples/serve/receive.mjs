import { addAbortSignal } from 'node:stream'
import { Lines } from './lines.mjs'
import { Refusal } from './refusal.mjs'

/** How long a rig may continue to send after the answer, in ms. */
const patience = 2000
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * @typedef {import('h5tracks').TrackingWriter} TrackingWriter
 * @typedef {{ code: string, message: string, line: number, lastFrameIndex?: number }} Problem
 * @typedef {{ frames: number, resumedAfter?: number, error?: Problem }} Answer the number of the connection's frames in the
 * file, the last frame before them in a resumed file, and the error that ended the connection.
 */

/**
 * Receives one rig: a header line, then one line for each frame. Every frame before the error in the answer, if there is one, is
 * in the file. The socket is read only as fast as the writer takes frames, so a faster sender gets back-pressure.
 *
 * @param {import('node:net').Socket} socket
 * @param {(header: unknown) => TrackingWriter | Promise<TrackingWriter>} open opens the writer that a header describes.
 * @param {AbortSignal} signal stops between two frames.
 * @returns {Promise<Answer>} the answer to the rig; the file is closed by then.
 */
export async function receiveRig(socket, open, signal) {
  const lines = addAbortSignal(signal, new Lines())
  socket.on('error', (error) => lines.fail(error))
  socket.pipe(lines)
  /** @type {TrackingWriter | undefined} */
  let writer
  /** @type {number | null} */
  let before = null
  let line = 1
  /** @type {Problem | undefined} */
  let problem
  try {
    for await (const bytes of lines) {
      const message = parse(bytes)
      if (!writer) {
        writer = await open(message)
        const { lastFrameIndex } = writer
        before = lastFrameIndex == null ? null : Number(lastFrameIndex)
      } else {
        if (writer.framesWritten === 0 && before !== null) refuseAgain(message?.frame, before)
        if (!writer.writeFrame(message?.frame, message?.tracks)) await writer.drain()
      }
      line++
    }
    if (!writer) throw new Refusal('ERR_INVALID_HEADER', 'the first line must be a header; there was none')
    await writer.close()
  } catch (error) {
    problem = problemOf(error, line)
  }
  const answer = {
    frames: writer ? await closed(writer) : 0,
    ...(before === null ? {} : { resumedAfter: before }),
    ...(problem ? { error: problem } : {}),
  }
  reply(socket, answer)
  return answer
}

/**
 * Refuses a frame that the file already has: a rig that restarts from the beginning may be sending another recording.
 * @param {unknown} frame
 * @param {number} last
 */
function refuseAgain(frame, last) {
  if (typeof frame !== 'number' || frame > last) return
  throw new Refusal(
    'EEXIST',
    `the file of this rig has frames up to ${last} already, which are left as they are; go on with frame ${last + 1}, or ` +
      'take another name for another recording',
    { lastFrameIndex: last },
  )
}

/**
 * Closes the file and returns how many frames of this connection are in it.
 * @param {TrackingWriter} writer
 */
async function closed(writer) {
  try {
    await writer.close()
    return writer.framesWritten
  } catch {
    // The error has been reported already; the file has the complete chunks from before it.
    const before = (writer.length - writer.framesWritten) % writer.chunkFrames
    return Math.max(0, writer.stats().blocks * writer.chunkFrames - before)
  }
}

/** @param {Buffer | Error} bytes a line, or the error instead of one. */
function parse(bytes) {
  if (bytes instanceof Error) throw bytes
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    throw new Refusal('ERR_INVALID_LINE', `the line is not JSON in UTF-8: ${message}`)
  }
}

/**
 * @param {unknown} error
 * @param {number} line
 * @returns {Problem}
 */
function problemOf(error, line) {
  const { name, code = name, message } = /** @type {NodeJS.ErrnoException} */ (error)
  if (name === 'AbortError') return { code: 'ERR_STOPPED', message: 'the server stops', line }
  return { code, message, line, ...(error instanceof Refusal ? error.more : {}) }
}

/**
 * @param {import('node:net').Socket} socket
 * @param {Answer} answer
 */
function reply(socket, answer) {
  if (socket.destroyed) return
  socket.end(`${JSON.stringify(answer)}\n`)
  // Closing a socket with unread bytes resets the connection, and the answer would be lost.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), patience)
  socket.once('close', () => clearTimeout(timer))
}
