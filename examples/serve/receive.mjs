import { addAbortSignal } from 'node:stream'
import { Lines } from './lines.mjs'
import { Refusal } from './refusal.mjs'

/** How long a rig may go on sending after it has been answered, ms. */
const patience = 2000
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * @typedef {import('h5tracks').TrackingWriter} TrackingWriter
 * @typedef {{ code: string, message: string, line: number }} Problem
 * @typedef {{ frames: number, error?: Problem }} Answer how many frames are in the file, and why there are no more.
 */

/**
 * Receives one rig: a line with its header, then a line for each frame. Every line but the first is in the file or in the
 * answer's error; the socket is read as fast as the writer takes frames, which holds a faster sender back.
 *
 * @param {import('node:net').Socket} socket
 * @param {(header: unknown) => TrackingWriter} open makes the writer that a header asks for.
 * @param {AbortSignal} signal stops between two frames.
 * @returns {Promise<Answer>} what the rig has been answered; the file is closed then.
 */
export async function receiveRig(socket, open, signal) {
  const lines = addAbortSignal(signal, new Lines())
  socket.on('error', (error) => lines.fail(error))
  socket.pipe(lines)
  /** @type {TrackingWriter | undefined} */
  let writer
  let line = 1
  /** @type {Problem | undefined} */
  let problem
  try {
    for await (const bytes of lines) {
      const message = parse(bytes)
      if (!writer) writer = open(message)
      else if (!writer.writeFrame(message?.frame, message?.tracks)) await writer.drain()
      line++
    }
    if (!writer) throw new Refusal('ERR_INVALID_HEADER', 'the first line must be a header; there was none')
    await writer.close()
  } catch (error) {
    problem = problemOf(error, line)
  }
  const answer = { frames: writer ? await closed(writer) : 0, ...(problem ? { error: problem } : {}) }
  reply(socket, answer)
  return answer
}

/**
 * How many frames are in the file, closed.
 * @param {TrackingWriter} writer
 */
async function closed(writer) {
  try {
    await writer.close()
    return writer.framesWritten
  } catch {
    // What went wrong has been said already; whole chunks from before it are in the file.
    return writer.stats().blocks * writer.chunkFrames
  }
}

/** @param {Buffer | Error} bytes a line, or why there is none. */
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
  return { code, message, line }
}

/**
 * @param {import('node:net').Socket} socket
 * @param {Answer} answer
 */
function reply(socket, answer) {
  if (socket.destroyed) return
  socket.end(`${JSON.stringify(answer)}\n`)
  // Closing a socket with bytes that nobody has read resets the connection, and the answer with it.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), patience)
  socket.once('close', () => clearTimeout(timer))
}
