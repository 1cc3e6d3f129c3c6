/**
 * The program of the process that reads an untrusted file. process.ts starts it with limits. It takes requests as lines of JSON
 * on standard input and answers them in order on descriptor 3, in the format of replies.ts. It writes nothing anywhere else.
 */
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { H5TracksError } from '../base/errors.js'
import { native, type TypedArray } from '../native/native.js'
import { encodeError } from './json-values.js'
import { operations } from './operations.js'

const [bytes, seconds] = process.argv.slice(2).map(Number) as [number, number]
native.confine(bytes)

const answers = new Socket({ fd: 3, readable: false, writable: true })
/** Settles when the previous answer is written. Meanwhile the next answer is made, but no further one. */
let sent: Promise<unknown> = Promise.resolve()

async function answer({ op, ...request }: { op: string }): Promise<[unknown, readonly TypedArray[]]> {
  try {
    const { value, arrays = [] } = await operations[op as keyof typeof operations](request as never)
    return [{ ok: value ?? null }, arrays]
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    const { code, hdf5 = [] } = error
    const starved = code === 'ENOMEM' || hdf5.some(({ text }) => /memory allocation failed/i.test(text))
    return [{ error: { ...Object(encodeError(error)), code: starved ? 'ERR_LIMIT' : code } }, []]
  }
}

function send(reply: unknown, arrays: readonly TypedArray[]): Promise<unknown> {
  const text = Buffer.from(JSON.stringify(reply))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const buffers = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return new Promise((resolve) => {
    answers.cork()
    for (const buffer of [length, text, ...buffers]) answers.write(buffer)
    answers.write('', resolve)
    answers.uncork()
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  // A last resort: the parent process measures the time and ends this process sooner.
  native.allowCpu(seconds * (native.versions.threads + 1))
  const reply = await answer(JSON.parse(line))
  await sent
  sent = send(...reply)
}
// The parent has closed the pipe. SIGKILL, because HDF5's exit handlers must not run on a state that the file may have damaged.
process.kill(process.pid, 'SIGKILL')
