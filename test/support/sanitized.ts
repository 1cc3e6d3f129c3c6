/** A sanitizer runs along: it takes memory for itself, so that limits of memory say nothing. */
export const sanitized = /lib[at]san/.test(process.env.LD_PRELOAD ?? '')

/** A limit in megabytes, where that can be judged. */
export const megabytes = (limit: number): number => (sanitized ? Number.POSITIVE_INFINITY : limit)
