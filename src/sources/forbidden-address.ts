// Which addresses no source may reach, whatever name led there: those of the link itself, where
// clouds keep the credentials of the machine that Foretide runs on.

import { BlockList, isIP } from 'node:net';

const forbidden = new BlockList();
// RFC 3927 and RFC 4291; an IPv4 address within an IPv6 one is found too.
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
// EC2's instance metadata by IPv6 (EC2 user guide, "Instance Metadata Service endpoint").
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6');

/** Of an address, not a name: a text that is no address is not forbidden. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.replaceAll(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return false;
  return forbidden.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}
