import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { encodeFrame } from '#talkpath/transports/audiosocket/frame.js';
import { nowMs } from './deadline.js';
import { tone } from './sound.js';

/** When the agent speaks, from the start of the call: from and to, in milliseconds. */
export type Stretches = readonly (readonly [fromMs: number, toMs: number])[];

/** An AudioSocket server whose agent speaks (a tone) at times that the test sets, whatever the caller says. */
export class ScriptedAgent {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(stretches: Stretches) {
    const speech = encodeFrame(0x10, new Uint8Array(tone(500, 20, 8000, -15).buffer));
    const silence = encodeFrame(0x10, new Uint8Array(320));
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      const startMs = nowMs();
      let sent = 0;
      const beat = setInterval(() => {
        for (; sent * 20 <= nowMs() - startMs; sent += 1) {
          socket.write(stretches.some(([fromMs, toMs]) => sent * 20 >= fromMs && sent * 20 < toMs) ? speech : silence);
        }
      }, 5);
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('close', () => clearInterval(beat));
    });
  }

  static async start(stretches: Stretches): Promise<ScriptedAgent> {
    const agent = new ScriptedAgent(stretches);
    agent.#server.listen(0, '127.0.0.1');
    await once(agent.#server, 'listening');
    return agent;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
