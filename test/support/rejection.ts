import type { TalkpathError } from '#talkpath/base/errors.js';

/** The error that a promise is rejected with; a promise that is kept is the test's failure. */
export async function rejectionOf(promise: Promise<unknown> | undefined): Promise<TalkpathError> {
  try {
    await promise;
  } catch (error) {
    return error as TalkpathError;
  }
  throw new Error('a promise was kept that was to be rejected');
}
