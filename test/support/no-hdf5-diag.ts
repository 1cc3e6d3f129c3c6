/**
 * Global set-up that checks that libhdf5 never prints. The standard error of the test processes passes through this process;
 * an HDF5 error stack in it fails the whole run. (test/support/process.ts checks the programs that tests start.)
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
