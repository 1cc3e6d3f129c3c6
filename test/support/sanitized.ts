/** Whether a sanitizer is loaded: it uses memory itself, so limits of memory mean nothing. */
export const sanitized = /lib[at]san/.test(process.env.LD_PRELOAD ?? '')

/** The environment for HDF5's tools and Python, which run without the sanitizer: h5dump hangs in it. */
export const environmentOf = (command: string): NodeJS.ProcessEnv =>
  sanitized && /(^|\/)(h5\w+|python[\d.]*)$/.test(command) ? { ...process.env, LD_PRELOAD: undefined } : process.env

/** A limit in megabytes, or none under a sanitizer. */
export const megabytes = (limit: number): number => (sanitized ? Number.POSITIVE_INFINITY : limit)
