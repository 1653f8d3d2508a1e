import { BlockList, isIP, isIPv6 } from "node:net";

/**
 * IPv4 that is not somebody's server on the internet: this host, private nets, carriers' nets, link-local (clouds answer with
 * credentials there), examples, tests, groups. The last one is public, and a cloud's own service behind it.
 */
const CLOSED_4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["168.63.129.16", 32],
] as const;

/** Of the one block of IPv6 that is given out: what holds another address (Teredo, 6to4), and examples. */
const CLOSED_6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const closed = new BlockList();
for (const [net, bits] of CLOSED_4) closed.addSubnet(net, bits, "ipv4");
for (const [net, bits] of CLOSED_6) closed.addSubnet(net, bits, "ipv6");
/** Everything else of IPv6 is closed, and with it each way to write an IPv4 address in it: `::ffff:…`, `64:ff9b::…`. */
const given = new BlockList();
given.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address, as text without brackets, is one of the public internet. Whatever is no address is none. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  if (isIPv6(address)) return given.check(address, "ipv6") && !closed.check(address, "ipv6");
  return !closed.check(address, "ipv4");
}
