/** Runs `view`: serves the page until the command is interrupted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { view } from '../../view/view.js'
import { interruption, printError } from '../shared/exit.js'
import { print } from '../shared/terminal.js'

export interface RunOptions {
  layout?: string
  video: ReadonlyMap<string, string>
  port: number
  untrusted: boolean
  acceptLoss: boolean
  open: boolean
}

export async function runView(file: string, { layout, video, open, ...options }: RunOptions): Promise<void> {
  const only = video.size === 1 ? video.get('') : undefined
  const page = await view(file, {
    ...options,
    ...(layout !== undefined && { layout }),
    videos: only ?? Object.fromEntries(video),
  })
  try {
    print(`${page.url}\n`)
    if (process.stdout.isTTY) print('Ctrl-C ends it.\n')
    if (open) openBrowser(page.url)
    if (!interruption.aborted) await once(interruption, 'abort')
  } finally {
    await page.close()
  }
}

/** Opens a page as the desktop does. */
function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', url]
        : ['xdg-open', url]
  const child = spawn(program as string, args, { stdio: 'ignore', detached: true })
  child.on('error', () => printError(`${program} does not start a browser here; open ${url}`))
  child.unref()
}
