/** Runs several tasks at the same time. */

/** Runs the tasks, at most `most` at the same time. Rejects with the first failure, once no task runs any more. */
export async function inParallel(tasks: readonly (() => Promise<void>)[], most: number): Promise<void> {
  let next = 0
  let failed = false
  let failure: unknown
  const worker = async () => {
    while (next < tasks.length && !failed) {
      try {
        await tasks[next++]?.()
      } catch (error) {
        if (!failed) failure = error
        failed = true
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, tasks.length) }, worker))
  if (failed) throw failure
}
