import type { CallPlan } from '#talkpath/call/call-record.js';

/** The plan of a telephone call that nobody has said anything of. */
export const usualPlan = (provider: string): CallPlan => ({
  provider,
  profile: 'telephony',
  context: undefined,
  lineRateHz: 8000,
  input: 'pcm16 8000',
  output: 'pcm16 8000',
  chosenBy: { provider: 'default', profile: 'default', context: 'default' },
});
