/** The lines of a text, with their numbers. */
import { formatProblem } from '../core/problem.js'
import { readText, type TextOptions } from '../core/text-stream.js'

// Far above any frame, so that a file without line ends does not fill the memory.
const longestLine = 64 * 2 ** 20

export interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
}

/** Yields the lines of a text, as many at a time as a piece of it has. */
export async function* linesOf(path: string, options: TextOptions): AsyncGenerator<readonly Line[], void, void> {
  let rest: Buffer[] = []
  let held = 0
  let number = 0
  for await (const chunk of readText(path, options)) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const bytes = rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(start, end)]) : chunk.subarray(start, end)
      lines.push({ number: ++number, text: bytes.toString() })
      rest = []
      held = 0
      start = end + 1
    }
    if (start < chunk.length) {
      rest.push(Buffer.from(chunk.subarray(start)))
      held += chunk.length - start
    }
    if (held > longestLine) throw formatProblem(path, `line ${number + 1}`, `is longer than ${longestLine} bytes`)
    if (lines.length > 0) yield lines
  }
  if (held > 0) yield [{ number: number + 1, text: Buffer.concat(rest).toString() }]
}
