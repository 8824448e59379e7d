/** The address as it may stand in a link: https, or a path of this very site; "" for anything else. */
export function safeLink(url: string): string {
  return /^(https:\/\/|\/(?![/\\]))/.test(url) ? url : "";
}
