import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { loadSettings, parseSettings } from '#talkpath/config/load.js';
import { startServer } from '#talkpath/server.js';

const parse = (source: string, environment: NodeJS.ProcessEnv = {}) => parseSettings(source, 'talkpath.yaml', environment);

function refusal(action: () => unknown): TalkpathError {
  try {
    action();
  } catch (error) {
    if (error instanceof TalkpathError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('without any file a server listens on loopback alone, with the offline agent', () => {
  const settings = parse('');
  assert.equal([settings.audiosocket.host, settings.audiosocket.port], ['127.0.0.1', 9092]);
  assert.equal([settings.admin.host, settings.admin.port], ['127.0.0.1', 8080]);
  assert.equal([settings.default_provider, settings.default_profile], ['local', 'telephony']);
  assert.equal(Object.keys(settings.providers), ['echo', 'local']);
  assert.not.ok(settings.audiosocket.require_registration);
});

test('a variable takes the type that its value has in YAML', () => {
  const settings = parse(
    `
audiosocket:
  host: \${HOST}
admin:
  port: \${PORT}
turn_taking:
  barge_in: \${BARGE_IN}
  silence_ms: \${SILENCE:-250}
  fallback_line: Call \${NUMBER} \${TIMES:-twice}
profiles:
  telephony:
    high_pass_hz: \${HZ}
`,
    { HOST: '::1', PORT: '8081', BARGE_IN: 'false', NUMBER: '4711', HZ: '92.5' },
  );
  assert.is(settings.audiosocket.host, '::1');
  assert.is(settings.admin.port, 8081);
  assert.is(settings.turn_taking.barge_in, false);
  assert.is(settings.turn_taking.silence_ms, 250);
  assert.is(settings.turn_taking.fallback_line, 'Call 4711 twice');
  assert.is(settings.profiles.telephony?.high_pass_hz, 92.5);
});

test('a quoted variable is text, as everything quoted is in YAML', () => {
  assert.is(parse('admin: {token: "${TOKEN}"}', { TOKEN: '123456' }).admin.token, '123456');
  assert.is(parse("admin: {token: '${TOKEN}'}", { TOKEN: 'true' }).admin.token, 'true');
});

test('a variable that is not set, or empty, is refused by line unless it has a default', () => {
  for (const environment of [{}, { TOKEN: '' }]) {
    const error = refusal(() => parse('admin:\n  token: ${TOKEN}', environment));
    assert.is(error.message, 'talkpath.yaml:2: the environment variable TOKEN is not set and has no default; write ${TOKEN:-default} or set it');
  }
  assert.is(parse('admin: {host: "${HOST:-127.0.0.1}"}', { HOST: '' }).admin.host, '127.0.0.1');
});

test("a variable's value is taken as it is: nothing in it is YAML, and nothing in it is replaced again", () => {
  const settings = parse('turn_taking: {fallback_line: "${LINE}"}', { LINE: 'a: [b, ${C}] # d', C: 'no' });
  assert.is(settings.turn_taking.fallback_line, 'a: [b, ${C}] # d');
});

test('the environment goes before the file', () => {
  const file = 'audiosocket: {host: 10.0.0.1, port: 1, max_calls: 7}\nadmin: {port: 2, token: t}\ndefault_provider: local';
  const settings = parse(file, { TALKPATH_AUDIOSOCKET: '[::1]:9999', TALKPATH_ADMIN: 'localhost:0', TALKPATH_PROVIDER: 'echo' });
  assert.equal([settings.audiosocket.host, settings.audiosocket.port, settings.audiosocket.max_calls], ['::1', 9999, 7]);
  assert.equal([settings.admin.host, settings.admin.port, settings.admin.token], ['localhost', 0, 't']);
  assert.is(settings.default_provider, 'echo');
});

test('an override that is no address is refused by its name', () => {
  for (const value of ['9092', 'host', ':9092', '127.0.0.1:70000', '127.0.0.1:x']) {
    const error = refusal(() => parse('', { TALKPATH_AUDIOSOCKET: value }));
    assert.is(error.message, 'Expected host:port for the environment variable TALKPATH_AUDIOSOCKET but received something else');
  }
});

test('a provider of the environment that does not exist is refused', () => {
  const error = refusal(() => parse('', { TALKPATH_PROVIDER: 'ecko' }));
  assert.is(
    error.message,
    'talkpath.yaml: Expected one of echo, local for default_provider but received a value from the environment variable TALKPATH_PROVIDER. Did you mean echo?',
  );
});

test('an admin API that the environment opens to others needs a token as well', () => {
  assert.match(
    refusal(() => parse('', { TALKPATH_ADMIN: '0.0.0.0:8080' })).message,
    /admin\.token because admin\.host is a value from the environment variable TALKPATH_ADMIN, which others can reach/,
  );
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) assert.is(parse(`admin: {host: "${host}"}`).admin.host, host);
  assert.match(refusal(() => parse('admin: {host: 127.evil.example}')).message, /admin\.token because/);
});

test('a file changes single settings of a profile that is always there, and adds others', () => {
  const settings = parse('profiles:\n  hifi: {playout_start_ms: 60}\n  mine: {line_rate_hz: 16000}');
  assert.equal([settings.profiles.hifi?.line_rate_hz, settings.profiles.hifi?.noise_suppression], [24_000, 'off']);
  assert.is(settings.profiles.hifi?.playout_start_ms, 60);
  assert.is(settings.profiles.mine?.line_rate_hz, 16_000);
  assert.is(settings.profiles.telephony?.line_rate_hz, 8000);
});

test('networks are taken as addresses and in CIDR notation, of both families', () => {
  const allow = ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'];
  assert.equal(parse(`audiosocket: {allow: [${allow.map((one) => `"${one}"`).join(', ')}]}`).audiosocket.allow, allow);
});

test('a file is found by the option, by TALKPATH_CONFIG, and in that order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-config-'));
  try {
    const [one, two] = [join(folder, 'one.yaml'), join(folder, 'two.yaml')];
    writeFileSync(one, 'audiosocket: {max_calls: 1}');
    writeFileSync(two, 'audiosocket: {max_calls: 2}');
    assert.is(loadSettings({ file: one, environment: { TALKPATH_CONFIG: two } }).audiosocket.max_calls, 1);
    assert.is(loadSettings({ environment: { TALKPATH_CONFIG: two } }).audiosocket.max_calls, 2);
    writeFileSync(two, '\naudiosocket: {max_calls: 0}');
    assert.match(refusal(() => loadSettings({ file: two, environment: {} })).message, new RegExp(`^${two}:2: Expected integer`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that is not there is refused with its path', () => {
  const error = refusal(() => loadSettings({ file: '/nowhere/talkpath.yaml', environment: {} }));
  assert.is(error.code, 'TP_ERR_CONFIG_READ');
  assert.match(error.message, /^The configuration \/nowhere\/talkpath\.yaml cannot be read: ENOENT/);
});

test('what is no text, and what is no settings, is refused with what was expected', async () => {
  const codeAndMessage = (error: unknown) => [(error as TalkpathError).code, (error as Error).message];
  assert.throws(
    () => parseSettings(5 as never, 'x'),
    (error: unknown) => codeAndMessage(error)[1] === 'Expected the text of a configuration but received a value of type number',
  );
  for (const given of [[], [{}], [parseSettings('', 'x')]] as never[][]) {
    const error = await startServer(...(given as never as Parameters<typeof startServer>)).catch((thrown: unknown) => thrown);
    assert.equal(codeAndMessage(error), [
      'TP_ERR_CONFIG_INVALID',
      'Expected what loadSettings() or parseSettings() returns, and a log, for startServer()',
    ]);
  }
});

test.run();
