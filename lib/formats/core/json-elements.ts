/** The elements of the lists in a JSON file, one by one: memory does not grow with the file. */
import { JSONParser } from '@streamparser/json'
import { formatProblem } from './problem.js'
import { readText, type TextOptions } from './text-stream.js'

/** An element of a JSON file with the name of its list; '' for an element of the file's only list. */
export interface JsonElement {
  readonly list: string
  readonly value: unknown
}

// Far above an annotation with the mask of a large image.
const longestElement = 16 * 2 ** 20
const deepest = 100
const partBytes = 4096

/**
 * Yields the elements of some top-level lists of a JSON file, in groups. `lists`: their names, '' for a file that is a list.
 * Rejects with ERR_FORMAT for what is not JSON, names its place, and for an element that takes more than 16 MiB.
 */
export async function* jsonElements(
  path: string,
  lists: readonly string[],
  options: TextOptions,
): AsyncGenerator<readonly JsonElement[], void, void> {
  const parser = new JSONParser({ paths: lists.map((list) => (list === '' ? '$.*' : `$.${list}.*`)), keepStack: false })
  let found: JsonElement[] = []
  let failure: Error | undefined
  let since = 0
  let bytes = 0
  parser.onValue = ({ value, stack }) => {
    since = 0
    found.push({ list: stack.length > 1 ? String(stack[1]?.key) : '', value })
  }
  parser.onError = (error) => {
    failure ??= error
  }
  for await (const chunk of readText(path, options)) {
    // In parts, so that an element without an end is noticed.
    for (let at = 0; at < chunk.length; at += partBytes) {
      const part = chunk.subarray(at, at + partBytes)
      since += part.length
      bytes += part.length
      if (parser.isEnded) {
        if (part.toString('latin1').trim() !== '')
          throw formatProblem(path, `byte ${bytes}`, 'more text follows the end of the JSON')
      } else parser.write(part)
      if (failure)
        throw formatProblem(path, `near byte ${bytes}`, `is not JSON: ${failure.message}`, 'write the file again')
      if (stackOf(parser).length > deepest)
        throw formatProblem(path, `near byte ${bytes}`, `lists and objects nest deeper than ${deepest} levels`)
      if (since > longestElement && found.length === 0 && stackOf(parser).some(({ emit }) => emit)) {
        throw formatProblem(path, `byte ${bytes}`, `an element takes more than ${longestElement} bytes`)
      }
    }
    if (found.length > 0) yield found
    found = []
  }
  if (!parser.isEnded) throw formatProblem(path, `byte ${bytes}`, 'the JSON ends early', 'copy or write the file again')
  if (found.length > 0) yield found
}

/** The lists and objects that the parser is in; `emit`: it keeps their contents. */
function stackOf(parser: JSONParser): readonly { emit: boolean }[] {
  return (parser as unknown as { tokenParser: { stack: { emit: boolean }[] } }).tokenParser.stack
}
