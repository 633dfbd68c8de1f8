import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { stateFolder } from '#talkpath/tools/state-folder.js';

test('the state folder follows XDG_STATE_HOME, then the home folder', () => {
  assert.is(
    stateFolder({ XDG_STATE_HOME: '/state' }, () => '/home/anna'),
    '/state/talkpath',
  );
  for (const XDG_STATE_HOME of ['', 'relative']) {
    assert.is(
      stateFolder({ XDG_STATE_HOME }, () => '/home/anna'),
      '/home/anna/.local/state/talkpath',
    );
  }
});

test('a user without a home folder is told to choose one', () => {
  const homeless = (): never => {
    throw new Error('no such user');
  };
  assert.throws(
    () => stateFolder({}, homeless),
    (error: TalkpathError) => error instanceof TalkpathError && error.code === 'TP_ERR_JOURNAL_FOLDER' && error.message.endsWith('no such user'),
  );
});

test.run();
