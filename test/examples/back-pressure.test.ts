import { createServer, type Socket } from 'node:net'
import { readTrackingResults, TrackingWriter } from 'h5tracks'
import { expect, test, vi } from 'vitest'
import { receiveRig } from '../../examples/serve/receive.mjs'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { line, RigClient } from './server.js'

// A stalled disk causes back-pressure on the sender: the server reads from the socket what it can write, plus a bounded
// amount that does not depend on the amount to send.

/** A real writer whose disk is stalled until `release()`. */
class StuckWriter extends TrackingWriter {
  release = () => {}
  readonly #released = new Promise<void>((resolve) => (this.release = resolve))

  override writeFrame(...frame: Parameters<TrackingWriter['writeFrame']>): boolean {
    super.writeFrame(...frame)
    return false
  }

  override async drain(): Promise<void> {
    await this.#released
    return super.drain()
  }
}

test('the example server stops reading while its writer is stalled, and then receives every frame', async () => {
  const [address, path] = [scratch('server.sock'), scratch()]
  let writer: StuckWriter | undefined
  let receiving: Socket | undefined
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    receiving = socket
    const open = () => (writer = new StuckWriter(path, CAMERAS, { maxFish: 9, chunkFrames: 500 }))
    receiveRig(socket, open, new AbortController().signal)
  })
  await new Promise<void>((resolve) => server.listen(address, resolve))
  const frames = school(6000, 9)
  const client = new RigClient(address, [{ rig: 'any' }, ...frames.map(line)])
  try {
    const total = client.socket.bytesWritten
    expect(total).toBeGreaterThan(10 * 2 ** 20)
    const answer = client.end()

    await vi.waitUntil(() => writer !== undefined && writer.framesWritten > 0)
    // Long enough for a server without back-pressure to read everything.
    for (let look = 0; look < 50; look++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(writer!.framesWritten).toBe(1)
      // One read of the socket is being parsed, the next one waits, and Node has buffered one.
      expect(receiving!.bytesRead).toBeLessThanOrEqual(4 * 2 ** 16)
      expect(client.socket.writableLength).toBeGreaterThan(total / 2)
    }

    writer!.release()
    expect(await answer).toEqual({ frames: frames.length })
    expect(receiving!.bytesRead).toBe(total)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  } finally {
    client.socket.destroy()
    receiving?.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})
