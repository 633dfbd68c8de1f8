import { spawnSync } from 'node:child_process';
import type { Peer, ResamplerProgram } from './peer.js';

const raw = (rateHz: number): string[] => ['-f', 's16le', '-ar', String(rateHz), '-ac', '1'];
const sox = (rateHz: number): string[] => ['-t', 'raw', '-r', String(rateHz), '-e', 'signed', '-b', '16', '-c', '1', '-'];

const ffmpeg: ResamplerProgram = {
  name: 'ffmpeg aresample',
  kind: 'process',
  note: 'a process a stream, -probesize 32 -flush_packets 1, audio through pipes',
  command: (inputRateHz, outputRateHz) => [
    'ffmpeg',
    ...['-hide_banner', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0'],
    ...[...raw(inputRateHz), '-i', 'pipe:0', ...raw(outputRateHz), '-flush_packets', '1', 'pipe:1'],
  ],
};

const soxRate: ResamplerProgram = {
  name: 'sox rate',
  kind: 'process',
  note: 'a process a stream, --buffer 1024, audio through pipes',
  command: (inputRateHz, outputRateHz) => ['sox', '-D', '--buffer', '1024', ...sox(inputRateHz), ...sox(outputRateHz), 'rate'],
};

function version(program: string, option: string): string {
  const { status, stdout, error } = spawnSync(program, [option], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} does not run: ${error?.message ?? `exit code ${status}`}`);
  return (stdout.split('\n')[0] ?? '').replace(/ Copyright.*/, '').trim();
}

/** Programs, which a server would have to start one of for each call and direction. */
export function load(): Peer {
  return {
    version: `${version('ffmpeg', '-version')}; ${version('sox', '--version')}`,
    resamplerPrograms: [ffmpeg, soxRate],
  };
}
