/**
 * Global set-up: libhdf5 never prints. The test processes' standard error passes through this process; an HDF5 error stack
 * on it fails the whole run, whatever the tests say. (Programs that tests start are checked by test/support/process.ts.)
 */
export default function watchStandardError(): () => void {
  const write = process.stderr.write
  let printed = 0
  process.stderr.write = function (this: NodeJS.WriteStream, chunk: string | Uint8Array, ...rest: never[]) {
    if (Buffer.from(chunk as Uint8Array).includes('HDF5-DIAG: Error detected')) printed++
    return write.call(this, chunk, ...rest)
  } as typeof process.stderr.write
  return () => {
    process.stderr.write = write
    if (printed === 0) return
    process.exitCode = 1
    throw new Error(`libhdf5 printed its error stack to standard error ${printed} times`)
  }
}
