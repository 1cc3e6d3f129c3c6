import { output, run } from '../process.js'

/** One dataset as `h5dump -pH` describes it, in HDF5's own terms. */
export interface DumpedDataset {
  type: string
  /** '( 900, 10 ) / ( H5S_UNLIMITED, 10 )' */
  space: string
  chunk: string | undefined
  fill: string | undefined
  filters: string[]
}

/** Every dataset of a file by its path, as `h5dump -pH` describes it. */
export async function h5dumpHeaders(path: string): Promise<Map<string, DumpedDataset>> {
  const text = await output('h5dump', ['-p', '-H', path])
  const datasets = new Map<string, DumpedDataset>()
  const open: string[] = []
  let start = -1
  const lines = text.split('\n')
  for (const [number, line] of lines.entries()) {
    const opened = /^\s*(?:(GROUP|DATASET|\w+).*?)?\s*(?:"(.*)" )?\{$/.exec(line)
    if (opened) {
      open.push(opened[1] === 'GROUP' || opened[1] === 'DATASET' ? (opened[2] ?? '') : '')
      if (opened[1] === 'DATASET') start = number
    } else if (/^\s*\}$/.test(line)) {
      const indent = line.indexOf('}')
      if (start >= 0 && indent === lines[start]?.search(/\S/)) {
        datasets.set(`/${open.filter((name) => name && name !== '/').join('/')}`, described(lines.slice(start, number)))
        start = -1
      }
      open.pop()
    }
  }
  return datasets
}

function described(lines: string[]): DumpedDataset {
  const text = lines.join('\n').replaceAll(/\s+/g, ' ')
  return {
    type: /DATATYPE (.*?) DATASPACE/.exec(text)?.[1] ?? '',
    space: /DATASPACE SIMPLE \{ (.*?) \}/.exec(text)?.[1] ?? '',
    chunk: /CHUNKED (\( .*? \))/.exec(text)?.[1],
    fill: /FILLVALUE \{.*?VALUE (.*?) \}/.exec(text)?.[1],
    filters: [
      ...(/FILTERS \{ (.*?) \} FILLVALUE/.exec(text)?.[1] ?? '').matchAll(
        /PREPROCESSING (\w+)|COMPRESSION (\w+)|\b(NONE)\b/g,
      ),
    ]
      .map(([, preprocessing, compression]) => preprocessing ?? compression)
      .filter((name) => name !== undefined),
  }
}

/** Runs `h5diff` on one object of two files. Equal means exit code 0 and no output about objects that are not comparable. */
export async function h5diff(ours: string, other: string, object: string, ...options: string[]) {
  const { code, stdout, stderr } = await run('h5diff', ['-v', ...options, ours, other, object, object])
  return { code, said: stdout + stderr }
}
