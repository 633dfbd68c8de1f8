import type { Provider } from '../provider.js';

const rateHz = 16000;

/** Says back what it hears, at once: for trying a line out, and for measuring it. */
export function createEchoProvider(name: string): Provider {
  return {
    name,
    abilities: { inputRateHz: rateHz, turnTaking: 'none' },
    async connect({ on }) {
      return {
        sendAudio: (pcm) => on({ type: 'reply-audio', turn: 1, pcm, rateHz }),
        requestReply: () => {},
        cancelReply: () => {},
        close: () => {},
      };
    },
  };
}
