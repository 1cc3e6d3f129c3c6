/** Trajectories as a pickled dict, in `.npy` or in a pickle of its own. */
import type { ReadOptions, Source } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import { FileArray } from '../numpy/array.js'
import { ByteFile } from '../numpy/bytes.js'
import { isNpy, readNpyFile } from '../numpy/npy.js'
import { Unpickler } from '../numpy/pickle.js'
import { dictOf, jsonOf, type Plain } from '../numpy/plain.js'
import { recordingOf } from './arrays.js'

export async function readPickled(path: string, options: ReadOptions): Promise<Source> {
  const file = new ByteFile(path)
  const problem = (place: string, what: string, remedy?: string) => formatProblem(path, place, what, remedy)
  try {
    const content = contentOf(file)
    // idTracker, the program before, has no more than the array.
    const dict = content instanceof FileArray ? new Map<string, Plain>([['trajectories', content]]) : dictOf(content)
    const trajectories = dict?.get('trajectories')
    if (!dict || !(trajectories instanceof FileArray) || !trajectories.isNumeric) {
      throw problem('trajectories', 'it has no array of trajectories', 'give a trajectories file of idtracker.ai')
    }
    const probabilities = dict.get('id_probabilities')
    const facts: Record<string, unknown> = {}
    for (const [name, value] of dict) {
      if (name === 'trajectories' || name === 'id_probabilities') continue
      if (value instanceof FileArray && value.length > 100_000) {
        options.report.lost(name, value.length, 'an array that idtracker.ai does not document')
      } else facts[name] = jsonOf(value)
    }
    const recording = await recordingOf(
      trajectories,
      probabilities instanceof FileArray && probabilities.isNumeric ? probabilities : undefined,
      facts,
      problem,
      options,
    )
    return { recordings: [recording], [Symbol.asyncDispose]: async () => file.close() }
  } catch (error) {
    file.close()
    throw error
  }
}

function contentOf(file: ByteFile): Plain {
  if (!isNpy(file.bytes(0, Math.min(6, file.size), 'the file'))) {
    return new Unpickler({ file, offset: 0, length: file.size }, 'the pickle').load()
  }
  const content = readNpyFile(file)
  return 'objects' in content ? content.objects : content.array
}
