/** Writes Arrow IPC: a long table whose columns are those of CSV, in record batches. */
import { open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { RecordBatch, RecordBatchWriter } from 'apache-arrow'
import type { FormatCode, Recording, WriteOptions } from '../core/format.js'
import { onlyRecording } from '../core/recordings.js'
import { type Arrow, loadArrow } from './library.js'
import { Table } from './table.js'

export const arrow: FormatCode = {
  detect: () => 0,
  async write(recordings, path, options) {
    const recording = onlyRecording(recordings, 'an Arrow file', options)
    const library = await loadArrow()
    const isStream = /\.arrows$/i.test(options.finalPath)
    const writer = isStream ? new library.RecordBatchStreamWriter() : new library.RecordBatchFileWriter()
    await pump(writer, library, recording, path, options)
  },
}

/** Encodes batches no faster than the file takes them, so that memory stays bounded. */
async function pump(
  writer: RecordBatchWriter,
  library: Arrow,
  recording: Recording,
  path: string,
  options: WriteOptions,
): Promise<void> {
  const table = new Table(library, recording)
  const file = await open(path, 'w')
  let isIdle = false
  const written = (async () => {
    const bytes = writer[Symbol.asyncIterator]()
    for (;;) {
      isIdle = true
      const next = await bytes.next()
      isIdle = false
      if (next.done) return
      await file.write(next.value as Uint8Array)
    }
  })()
  const put = async (batch: RecordBatch): Promise<void> => {
    writer.write(batch)
    do await setImmediate()
    while (!isIdle)
  }
  try {
    writer.reset(undefined, table.schema)
    for await (const batch of table.batches(options)) await Promise.race([put(batch), written])
    writer.finish()
    await written
  } catch (error) {
    writer.abort(error)
    await written.catch(() => {})
    throw error
  } finally {
    await file.close()
  }
}
