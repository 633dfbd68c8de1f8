/** One RTP packet. After: RFC 3550, without CSRCs on the sending side. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
  readonly payload: Buffer;
}

export function formatRtp(packet: RtpPacket): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  header.writeUInt16BE(packet.sequence & 0xffff, 2);
  header.writeUInt32BE(packet.timestamp >>> 0, 4);
  header.writeUInt32BE(packet.source >>> 0, 8);
  return Buffer.concat([header, packet.payload]);
}

/** Undefined for what is no RTP. The payload is a view of the datagram. */
export function parseRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < 12 || (datagram[0] as number) >> 6 !== 2) return undefined;
  const first = datagram[0] as number;
  let start = 12 + (first & 0x0f) * 4;
  if (first & 0x10) start += 4 + datagram.readUInt16BE(start + 2) * 4;
  const end = first & 0x20 ? datagram.length - (datagram.at(-1) as number) : datagram.length;
  return {
    payloadType: (datagram[1] as number) & 0x7f,
    marker: ((datagram[1] as number) & 0x80) !== 0,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    source: datagram.readUInt32BE(8),
    payload: datagram.subarray(start, end),
  };
}
