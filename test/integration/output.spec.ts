import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { within } from '../support/deadline.js';
import { projectFolder } from '../support/project.js';
import { TalkpathProcess } from '../support/talkpath-process.js';
import { runTalkpath } from '../support/talkpath-run.js';

const test = suite<{ folder: string }>('where the output goes');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-output-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** What a shell, where `talkpath` is a command, writes to stderr; the line "code n" is its exit code. */
async function shell(script: string, folder: string): Promise<string> {
  const talkpath = `talkpath() { "${process.execPath}" "${join(projectFolder, 'dist/cli/talkpath.js')}" "$@"; echo "code $?" >&2; }`;
  const child = spawn('sh', ['-c', `${talkpath}\n${script}`], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  try {
    await within(20_000, script, once(child, 'close'));
    return stderr;
  } finally {
    child.kill('SIGKILL');
  }
}

test('a command whose reader has had enough ends as if nothing was wrong', async ({ folder }) => {
  assert.is(await shell('talkpath models | true', folder), 'code 0\n');
});

test('a disk that is full is named, and the command fails', async ({ folder }) => {
  assert.match(
    await shell('talkpath models > /dev/full', folder),
    /^TP_ERR_SYSTEM: ENOSPC: no space left on device, write\nWhat to do next: .+\ncode 1\n$/,
  );
});

test('a command in a folder that was deleted fails with that', async ({ folder }) => {
  mkdirSync(join(folder, 'gone'));
  for (const command of ['models', 'serve']) {
    assert.match(
      await shell(`cd gone; rmdir ../gone; talkpath ${command}; mkdir ../gone`, folder),
      /^TP_ERR_SYSTEM: The current folder is gone: ENOENT.+\nWhat to do next: .+\ncode 1\n$/,
    );
  }
});

test('a server whose log nobody reads any more goes on', async () => {
  const talkpath = await TalkpathProcess.start({ environment: { TALKPATH_PROVIDER: 'echo' } });
  try {
    talkpath.stopReading();
    for (let i = 0; i < 2; i += 1) {
      const client = await AudioSocketClient.call(talkpath.audiosocket);
      client.finish();
      await talkpath.endedCall(client.callId);
    }
    process.kill(talkpath.pid, 'SIGTERM');
    assert.is(await within(5000, 'the server goes', talkpath.exited), 0, talkpath.tail());
  } finally {
    await talkpath.kill();
  }
});

for (const [what, args] of Object.entries({
  'a demo': ['demo', '--out-dir', '/dev/null/demo'],
  'a text': ['models', 'speak', 'Hello.', '--out', '/dev/null/x.wav'],
})) {
  test(`${what} that cannot be kept where it is to go is refused before anything else is done`, async () => {
    const { code, stdout, stderr } = await runTalkpath(args, { environment: { TALKPATH_CACHE: '/dev/null' } });
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.match(
      stderr,
      /^TP_ERR_FILE_WRITE: \/dev\/null\/.+ cannot be written: ENOTDIR.+\nWhat to do next: name a file in a folder that is there .+\n$/,
    );
  });
}

test('a cache folder that is a file is named', async () => {
  for (const args of [['models'], ['models', 'pull'], ['models', 'measure'], ['serve']]) {
    const { code, stderr } = await runTalkpath(args, { environment: { TALKPATH_CACHE: '/dev/null' } });
    assert.is(code, 1);
    assert.is(
      stderr,
      'TP_ERR_CACHE_FOLDER: Expected a folder as cache but /dev/null is a file\nWhat to do next: set TALKPATH_CACHE to a folder that this user may read and write\n',
      args.join(' '),
    );
  }
});

test.run();
