import { audioBytes, pcm16 } from '../../base/audio-format.js';
import type { Provider } from '../provider.js';

/** Audio that waited longer is not said back: an echo that came late once would stay late for the rest of the call. */
const longestPieceMs = 100;

const formats = [8000, 16_000, 24_000].map(pcm16);

/** Says back what it hears, at once: for trying a line out, and for measuring it. */
export function createEchoProvider(name: string): Provider {
  return {
    name,
    abilities: { inputs: formats, outputs: formats, turnTaking: 'none', steady: true },
    async connect({ on, input }) {
      const longestPieceBytes = audioBytes(longestPieceMs, input);
      return {
        sendAudio: (audio) =>
          on({ type: 'reply-audio', turn: 1, audio: audio.subarray(Math.max(0, audio.byteLength - longestPieceBytes)), format: input }),
        requestReply: () => {},
        cancelReply: () => {},
        answerTool: () => {},
        close: () => {},
      };
    },
  };
}
