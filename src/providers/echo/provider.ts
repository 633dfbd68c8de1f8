import type { Provider } from '../provider.js';

/** Says back what it hears, at once: for trying a line out, and for measuring it. */
export function createEchoProvider(name: string): Provider {
  return {
    name,
    abilities: { inputRatesHz: [8000, 16000, 24000], turnTaking: 'none', steady: true },
    async connect({ on, inputRateHz }) {
      return {
        sendAudio: (pcm) => on({ type: 'reply-audio', turn: 1, pcm, rateHz: inputRateHz }),
        requestReply: () => {},
        cancelReply: () => {},
        close: () => {},
      };
    },
  };
}
