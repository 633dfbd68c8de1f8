import { BlockList, isIPv6 } from 'node:net';

/** Who may connect: networks in CIDR notation and single addresses; an empty list is anybody who can reach the port. */
export class AllowList {
  readonly #networks: BlockList | undefined;

  /** Throws RangeError for what is no address and no CIDR; the configuration has checked that before. */
  constructor(networks: readonly string[]) {
    if (networks.length === 0) return;
    this.#networks = new BlockList();
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#networks.addAddress(address, family);
      else this.#networks.addSubnet(address, Number(prefix), family);
    }
  }

  /** @param address as a socket tells it: of an IPv4 peer on an IPv6 socket "::ffff:10.0.0.1" */
  allows(address: string): boolean {
    if (!this.#networks) return true;
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    if (mapped !== undefined) return this.#networks.check(mapped, 'ipv4');
    return address !== '' && this.#networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}
