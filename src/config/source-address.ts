// Whether an address in a file can be one of a source at all. What a name comes to is only known when
// it is connected to, and is looked at again there.

const urlPattern =
  /^https?:\/\/(?<login>[^/?#@]*@)?(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?(?:[/?][^#]*)?$/i;
const linkLocalPatterns = [
  /^169\.254\./,
  /^\[fe[89ab][0-9a-f]:/i,
  // The same within an IPv6 address, and EC2's metadata by IPv6.
  /^\[::ffff:(169\.254\.|a9fe:)/i,
  /^\[fd00:0?ec2:/i,
];
const loopbackPattern = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/i;

/** What is wrong with a URL, to be read on from "found"; null if nothing is. Never its text. */
export function findAddressMistake(url: string, hasToken = false): string | null {
  const parts = urlPattern.exec(url)?.groups;
  if (parts === undefined) return 'an address of another form';
  const host = parts['host'] ?? '';
  if (parts['login'] !== undefined) return 'an address with a user or password';
  const isLinkLocal = linkLocalPatterns.some((pattern) => pattern.test(host));
  if (isLinkLocal) return `${host}, a link-local address`;
  if (hasToken && /^http:/i.test(url) && !loopbackPattern.test(host)) {
    return 'a token for an http:// address, which all on the way could read';
  }
  return null;
}
