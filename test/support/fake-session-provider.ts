import { pcm16 } from '#talkpath/base/audio-format.js';
import type { ConnectOptions, Provider, ProviderSession } from '#talkpath/providers/provider.js';

/** A provider in the test's hands: when and how it connects, and what its sessions tell. */
export class FakeSessionProvider implements Provider {
  readonly name = 'cloud';
  readonly abilities = { inputs: [pcm16(8000)], outputs: [pcm16(8000)], turnTaking: 'ours' } as const;
  /** What the next connections wait for or fail with. */
  connecting: () => Promise<void> = async () => {};
  probing: (() => Promise<void>) | undefined;
  connects = 0;
  readonly open = new Set<ConnectOptions>();
  readonly asked: string[] = [];

  async connect(options: ConnectOptions): Promise<ProviderSession> {
    this.connects += 1;
    await this.connecting();
    this.open.add(options);
    return {
      sendAudio: () => {},
      requestReply: (turn) => void this.asked.push(`request ${turn}`),
      cancelReply: (turn) => void this.asked.push(`cancel ${turn}`),
      answerTool: (id) => void this.asked.push(`tool ${id}`),
      close: () => void this.open.delete(options),
    };
  }

  async probe(): Promise<void> {
    await this.probing?.();
  }

  /** The newest session that is open. */
  get latest(): ConnectOptions {
    const latest = [...this.open].at(-1);
    if (!latest) throw new Error('no session is open');
    return latest;
  }
}
