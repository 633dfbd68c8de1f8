import { pcm16 } from '../../base/audio-format.js';
import { type Speaker, type SpokenAudio, speakWhole } from '../../base/spoken-audio.js';
import type { Provider } from '../provider.js';

const formats = [8000, 16_000, 24_000].map(pcm16);

/**
 * The last step of the ladder: says a line and hands the call to a person. Without a voice the call is handed over
 * without a word.
 */
export async function createPersonProvider(name: string, line: string, voices: readonly Speaker[]): Promise<Provider> {
  const [voice] = voices;
  const spoken: SpokenAudio | undefined = voice && (await speakWhole(voice, line).catch(() => undefined));
  return {
    name,
    abilities: { inputs: formats, outputs: formats, turnTaking: 'ours' },
    async connect({ on }) {
      return {
        sendAudio() {},
        requestReply(turn) {
          if (spoken) {
            on({ type: 'transcript', turn, who: 'agent', text: line, final: true });
            on({ type: 'reply-audio', turn, audio: spoken.pcm, format: pcm16(spoken.rateHz) });
          }
          on({ type: 'tool-call', turn, id: 'person', name: 'transfer', arguments: {} });
          on({ type: 'reply-ended', turn });
        },
        cancelReply() {},
        answerTool() {},
        close() {},
      };
    },
  };
}
