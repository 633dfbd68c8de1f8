import { activeIntervals, type Interval } from './audio-measure.js';
import { AudioSocketClient } from './audiosocket-client.js';
import { eventually } from './deadline.js';
import { resampled } from './sound.js';
import { spoken } from './spoken.js';
import type { TalkpathProcess } from './talkpath-process.js';

const rateHz = 8000;
const frameMs = 20;

/** A caller on the line of a server whose agent is an emulated service: speaks as people do, and hears sound and silence. */
export class ServiceCall {
  readonly client: AudioSocketClient;

  private constructor(client: AudioSocketClient) {
    this.client = client;
  }

  static async place(talkpath: TalkpathProcess, callId?: string): Promise<ServiceCall> {
    const client = await AudioSocketClient.call(talkpath.audiosocket, callId === undefined ? {} : { callId });
    client.talk(rateHz);
    return new ServiceCall(client);
  }

  /** Says a sentence; resolves when the last of it was sent. */
  async says(text: string): Promise<void> {
    const samples = resampled(await spoken(text), rateHz);
    this.client.say(samples, rateHz);
    await this.client.hearsFor((1000 * samples.length) / rateHz);
  }

  /** Stretches of sound so far, in milliseconds since the first frame; pauses under 200 ms are none. */
  get sounds(): Interval[] {
    return activeIntervals(this.client.heard(), rateHz, { bridgedPauseMs: 200 });
  }

  /** Milliseconds heard so far. */
  get nowMs(): number {
    return this.client.frames.length * frameMs;
  }

  /** Resolves when there has been a sound that began after `sinceMs`, and silence for `quietMs` since its end. */
  hearsReply(sinceMs = 0, quietMs = 600, withinMs = 15_000): Promise<Interval> {
    return eventually(withinMs, 'a reply is heard to its end', () => {
      const last = this.sounds.at(-1);
      return last && last.fromMs >= sinceMs && this.nowMs - last.toMs > quietMs && last;
    });
  }

  /** Resolves when there is sound that began after `sinceMs`. */
  hearsSound(sinceMs = 0, withinMs = 15_000): Promise<Interval> {
    return eventually(withinMs, 'something is heard', () => this.sounds.find(({ fromMs }) => fromMs >= sinceMs), 20);
  }

  hangUp(): void {
    this.client.finish();
  }
}
