/** The command `view`: its arguments, options and help. */
import { type Command, InvalidArgumentError } from 'commander'
import { acceptLoss, integer, layoutOption } from '../shared/arguments.js'
import type { RunOptions } from './run.js'

const DETAILS = `
The page shows a timeline with the coverage and gaps of every animal, and the animals in 3D or in the images
of the cameras. ? lists its keys. It follows a file that is being written with a journal. Only this machine
reaches the page, by the whole address that is printed; Ctrl-C ends it. From another machine:
  ssh -L 8000:127.0.0.1:8000 server h5tracks view run.h5 --port 8000`

export function addView(program: Command): void {
  program
    .command('view')
    .description('Show a recording in the browser: timeline, 3D, camera images, also while it is written.')
    .argument('<file>', 'file of any layout')
    .option(
      '--video <camera=file>',
      'video under the view of a camera; can be repeated; only a file if there is one view',
      video,
      new Map(),
    )
    .option(...layoutOption('the layout to show first, if the file has several'))
    .option('--port <n>', 'port of the loopback address (default: any free one)', integer(0), 0)
    .option('--open', 'open the page in the default browser', false)
    .option('--untrusted', 'read the file in a separate, confined process', false)
    .option(...acceptLoss)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: RunOptions) => {
      await (await import('./run.js')).runView(file, options)
    })
}

/** Collects `camera=file`, or a file. */
function video(text: string, collected: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const split = text.indexOf('=')
  const [camera, path] = split === -1 ? ['', text] : [text.slice(0, split), text.slice(split + 1)]
  if (path === '') throw new InvalidArgumentError('Not of the form camera=file.')
  if (collected.has(camera)) throw new InvalidArgumentError(`There is a video of ${camera || 'the only view'} already.`)
  return new Map([...collected, [camera, path]])
}
