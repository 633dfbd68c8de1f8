import type { LineNotice } from '../transports/transport.js';

/** What the log says about an oddity of a line, and what to do where there is something to do. */
export const noticeTexts: Readonly<Record<LineNotice, string>> = {
  'encoded-audio':
    'the line sends 8,000 bytes a second announced as linear audio: it is µ-law, A-law or G.722. Write Dial(AudioSocket/host:port/uuid/c(slin)) in the dialplan',
  'unknown-kind': 'the line sent a message of a kind that AudioSocket does not know; it was skipped',
  'bad-dtmf': 'the line sent a DTMF message that is no digit; it was skipped',
  'dtmf-flood': 'the line sent more DTMF digits than anybody can press; those beyond 25 a second were skipped',
  'error-frame': 'the line sent an error message',
};
