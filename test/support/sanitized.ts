/** A sanitizer runs along: it takes memory for itself, so that limits of memory say nothing. */
export const sanitized = /lib[at]san/.test(process.env.LD_PRELOAD ?? '')

/** HDF5's tools and Python judge our files without it: it is not theirs, and h5dump hangs in it. */
export const environmentOf = (command: string): NodeJS.ProcessEnv =>
  sanitized && /(^|\/)(h5\w+|python[\d.]*)$/.test(command) ? { ...process.env, LD_PRELOAD: undefined } : process.env

/** A limit in megabytes, where that can be judged. */
export const megabytes = (limit: number): number => (sanitized ? Number.POSITIVE_INFINITY : limit)
