import { output } from '../process.js'

/**
 * The output of `h5dump -p` without the parts in which equal files may differ: the name of the file, addresses and sizes in
 * bytes.
 */
export async function h5dumpText(path: string, ...options: string[]): Promise<string> {
  const text = await output('h5dump', ['-p', ...options, path])
  return text.replace(/^HDF5 ".*" \{/m, 'HDF5 {').replaceAll(/^ *(SIZE|OFFSET) .*\n/gm, '')
}

/** The type of every dataset by path, in one line, as `h5dump -H` prints it. */
export async function h5dumpTypes(path: string): Promise<Map<string, string>> {
  const types = new Map<string, string>()
  const open: { indent: number; name: string }[] = []
  const lines = (await output('h5dump', ['-H', path])).split('\n')
  for (const [number, line] of lines.entries()) {
    const [, spaces, kind, name] = /^( *)(GROUP|DATASET) "(.*)" \{$/.exec(line) ?? []
    if (spaces === undefined || name === undefined) continue
    while (open.length > 0 && open.at(-1)!.indent >= spaces.length) open.pop()
    open.push({ indent: spaces.length, name })
    if (kind === 'GROUP') continue
    const end = lines.findIndex((other, at) => at > number && other.startsWith(`${spaces}   DATASPACE`))
    const text = lines.slice(number + 1, end).join(' ')
    const names = open.map((parent) => parent.name).filter((part) => part !== '/')
    types.set(
      `/${names.join('/')}`,
      text
        .replace(/^ *DATATYPE/, '')
        .replaceAll(/ +/g, ' ')
        .trim(),
    )
  }
  return types
}
