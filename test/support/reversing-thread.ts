/** A thread for tests: answers each text reversed, and fails, dies or does not come up when told to. */
import { TalkpathError } from '#talkpath/base/errors.js';
import { serveRequests } from '#talkpath/inference/serve-requests.js';

await serveRequests<{ refusesToLoad?: boolean }, string, string>(async ({ refusesToLoad }) => {
  if (refusesToLoad) throw new TalkpathError('TP_ERR_MODEL_MISSING', 'there is no model');
  return async (text) => {
    if (text === 'fail') throw new Error('no answer to this');
    if (text === 'die') process.exit(3);
    if (text === 'hold') await new Promise((resolve) => setTimeout(resolve, 100));
    return { response: [...text].reverse().join('') };
  };
});
