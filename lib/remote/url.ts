/** URLs of remote files. */

/** The URL, if the argument is an http: or https: URL; else undefined. */
export function remoteUrl(path: unknown): URL | undefined {
  if (path instanceof URL) return /^https?:$/.test(path.protocol) ? path : undefined
  return typeof path === 'string' && /^https?:\/\//i.test(path) && URL.canParse(path) ? new URL(path) : undefined
}

/** The URL as messages show it: without the query and the credentials, which may be secrets. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}
