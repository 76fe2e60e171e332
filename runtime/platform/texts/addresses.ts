// Addresses of the web as they may be shown or kept: without the name and the password that they carry.

const schemes = '[a-z][a-z0-9+.-]*://'
/**
 * Up to the last `@` before the path; and a password with a `/` in it, which no address may have but people
 * type.
 */
const credentials = new RegExp(`(${schemes})(?:[^\\s/?#]*@|[^\\s/:@]*:(?!\\d+/)[^\\s@]*@)`, 'gi')

/** `text` whose addresses have lost `NAME:PASSWORD@`. */
export function withoutCredentials(text: string): string {
  return text.replace(credentials, '$1')
}
