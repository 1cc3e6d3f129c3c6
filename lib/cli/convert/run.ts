/** Runs `convert`, and prints its report. */
import { type ConvertOptions, convert } from '../../formats/convert.js'
import { formats } from '../../formats/registry.js'
import { reportLines } from '../shared/conversion-text.js'
import { interruption, UsageError } from '../shared/exit.js'
import { progressBar } from '../shared/progress-bar.js'
import { duration, print, table } from '../shared/terminal.js'
import type { ConvertArguments } from './arguments.js'

export async function convertFile(
  input: string | undefined,
  output: string | undefined,
  { list: _, json, recording, ...options }: ConvertArguments,
): Promise<void> {
  if (input === undefined || output === undefined) throw new UsageError('convert needs an input and an output')
  const started = performance.now()
  const bar = progressBar()
  try {
    const report = await convert(input, output, {
      ...(options as ConvertOptions),
      ...(recording && { recordings: recording }),
      signal: interruption,
      onProgress: bar.update,
    })
    bar.stop()
    if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
    const seconds = (performance.now() - started) / 1000
    print(`${[...reportLines(report), duration(seconds)].join('\n')}\n`)
  } finally {
    bar.stop()
  }
}

export function listFormats(json: boolean): void {
  const list = formats.map(({ name, title, extensions, reads, writes }) => {
    return { name, title, extensions, in: reads !== undefined, out: writes !== undefined }
  })
  if (json) {
    print(`${JSON.stringify(list, null, 2)}\n`)
    return
  }
  const rows = list.map((one) => [
    one.name,
    one.in ? 'in' : '',
    one.out ? 'out' : '',
    one.extensions.join(' '),
    one.title,
  ])
  print(`${table(rows).join('\n')}\n`)
}
