/** The command `publish`: its arguments, options and help. */
import type { Command } from 'commander'
import { integer } from '../shared/arguments.js'

const DETAILS = `
All metadata come first in the copy, and then one block of frames after the other in the order of time:
a reader of an object store fetches a block with one request. The copy is an ordinary HDF5 file with
the same objects, attributes and values; only its chunks have other sizes. It replaces <target> when it
is complete. Upload it with any client, and open it by its URL.`

export function addPublish(program: Command): void {
  program
    .command('publish')
    .description('Write a copy of a file that is read well from an object store.')
    .argument('<file>', 'closed file of any layout')
    .argument('<target>', 'path of the copy')
    .option('--chunk-frames <n>', 'number of frames of a block (default: about 1 MiB)', integer(1))
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, target: string, options: { chunkFrames?: number; json: boolean }) => {
      const [{ publish }, { print, bytes, count }] = await Promise.all([
        import('../../remote/publish/publish.js'),
        import('../shared/terminal.js'),
      ])
      const { chunkFrames, json } = options
      const report = await publish(file, target, chunkFrames === undefined ? {} : { chunkFrames })
      if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
      const layouts = report.layouts.map(({ name, frames, chunkFrames, blocks }) => {
        return `${name}: ${count(frames, 'frame')} in ${count(blocks, 'block')} of ${chunkFrames}\n`
      })
      const size = `${bytes(report.bytes)}, the first ${bytes(report.headBytes)} are metadata`
      print(`${report.path}: ${size}\n${layouts.join('')}`)
    })
}
