// Counts the outcomes of a run, and lists those that are failures. Plain JavaScript, for the tests and for mutants.js.

/**
 * @param {AsyncIterable<import('./runner.js').Outcome>} outcomes
 * @param {number} megabytes of memory that reading one input may take
 * @param {(line: string) => void} [onFailure] called with each failure at once
 */
export async function report(outcomes, megabytes, onFailure = () => {}) {
  /** @type {string[]} */
  const failures = []
  /** @type {Map<string, number>} */
  const codes = new Map()
  let total = 0
  let whole = 0
  const most = { milliseconds: 0, megabytes: 0 }
  for await (const outcome of outcomes) {
    total++
    if (outcome.codes?.length === 0) whole++
    for (const code of outcome.codes ?? []) codes.set(code, (codes.get(code) ?? 0) + 1)
    most.milliseconds = Math.max(most.milliseconds, outcome.milliseconds ?? 0)
    most.megabytes = Math.max(most.megabytes, outcome.megabytes ?? 0)
    const problem = problemOf(outcome, megabytes)
    if (problem === undefined) continue
    failures.push(`${outcome.afterwards ? 'after ' : ''}${outcome.input}: ${problem}`)
    onFailure(/** @type {string} */ (failures.at(-1)))
  }
  const counts = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  const text =
    `${total} inputs, ${failures.length} failures; ${whole} could be read completely, of the others: ${counts.join(', ')}; ` +
    `longest ${most.milliseconds.toFixed(0)} ms, most memory ${most.megabytes.toFixed(0)} MB`
  return { total, whole, failures, codes, text }
}

/** @param {import('./runner.js').Outcome} outcome @param {number} megabytes */
function problemOf({ hang, death, untyped, megabytes: used = 0, size }, megabytes) {
  if (hang) return 'the process hangs'
  if (death) return `the process died: ${death}`
  if (untyped) return `an error that is not an H5TracksError: ${untyped}`
  if (used > megabytes) return `${used.toFixed(0)} MB of memory for a file of ${size} bytes`
  return undefined
}
