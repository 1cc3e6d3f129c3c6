/** Writes DeepLabCut's CSV files. */
import { ByteWriter } from '../core/byte-writer.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { type OutTable, outTable } from './out-table.js'

const [COMMA, LF] = [44, 10]

export async function writeCsv(recordings: readonly Recording[], path: string, options: WriteOptions): Promise<void> {
  const table = await outTable(recordings, 'DeepLabCut CSV', options)
  const out = await ByteWriter.create(path)
  try {
    await write(table, out)
  } catch (error) {
    await out.giveUp()
    throw error
  }
  await out.close()
}

async function write({ levels, columns, rows }: OutTable, out: ByteWriter): Promise<void> {
  for (const [level, name] of levels.entries()) {
    out.text(name)
    for (const column of columns) out.text(`,${cell(column.levels[level] as string)}`)
    out.byte(LF)
  }
  for await (const { labels, values } of rows()) {
    for (const [row, label] of labels.entries()) {
      if (typeof label === 'number') out.integer(label)
      else out.text(cell(label))
      for (let column = 0; column < columns.length; column++) {
        out.byte(COMMA)
        out.float64(values[row * columns.length + column] as number)
      }
      out.byte(LF)
      if (out.isFull) await out.flush()
    }
  }
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
