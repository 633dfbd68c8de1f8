import type { Provider } from '../provider.js';

/** Audio that waited longer is not said back: an echo that came late once would stay late for the rest of the call. */
const longestPieceMs = 100;

/** Says back what it hears, at once: for trying a line out, and for measuring it. */
export function createEchoProvider(name: string): Provider {
  return {
    name,
    abilities: { inputRatesHz: [8000, 16000, 24000], turnTaking: 'none', steady: true },
    async connect({ on, inputRateHz }) {
      const longestPieceBytes = (longestPieceMs * inputRateHz * 2) / 1000;
      return {
        sendAudio: (pcm) =>
          on({ type: 'reply-audio', turn: 1, pcm: pcm.subarray(Math.max(0, pcm.byteLength - longestPieceBytes)), rateHz: inputRateHz }),
        requestReply: () => {},
        cancelReply: () => {},
        close: () => {},
      };
    },
  };
}
