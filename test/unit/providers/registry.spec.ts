import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '#talkpath/base/clock.js';
import { TalkpathError } from '#talkpath/base/errors.js';
import { parseSettings } from '#talkpath/config/load.js';
import { ProviderRegistry, providerChains } from '#talkpath/providers/registry.js';

const test = suite<{ folder: string; cache: string | undefined }>('provider registry');

// An empty cache folder has no models: what would load one fails, and shows that it was asked.
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-registry-'));
  context.cache = process.env.TALKPATH_CACHE;
  process.env.TALKPATH_CACHE = context.folder;
});
test.after.each(({ folder, cache }) => {
  if (cache === undefined) delete process.env.TALKPATH_CACHE;
  else process.env.TALKPATH_CACHE = cache;
  rmSync(folder, { recursive: true });
});

/** Makes a registry of these settings ready: the names that could not be had, or the code and message of the refusal. */
async function madeReady(text: string): Promise<{ failed: string[]; code?: string; message: string }> {
  const settings = parseSettings(text, 'talkpath.yaml');
  const registry = new ProviderRegistry(settings.providers, systemClock, { replyOverdueMs: 4000 });
  const failed: string[] = [];
  try {
    await registry.makeReady(settings, (name) => failed.push(name));
    return { failed, message: '' };
  } catch (error) {
    assert.instance(error, TalkpathError);
    return { failed, code: (error as TalkpathError).code, message: (error as Error).message };
  } finally {
    await registry.close();
  }
}

test('a broken script stops the start, whoever names its provider, even nobody', async ({ folder }) => {
  const script = join(folder, 'broken.yaml');
  writeFileSync(script, 'version: 1\ngreting: Hello.\n');
  for (const named of ['', 'contexts: { support: { provider: mine } }', 'fallback: [mine]']) {
    const { code, message } = await madeReady(`default_provider: echo\nproviders: { mine: { type: scripted, script: ${script} } }\n${named}\n`);
    assert.is(code, 'TP_ERR_SCRIPT_INVALID', named);
    assert.match(message, 'broken.yaml:2: Unknown key "greting"');
  }
});

test('the faults of all scripts are told at once, each once', async ({ folder }) => {
  const [one, two] = [join(folder, 'one.yaml'), join(folder, 'two.yaml')];
  writeFileSync(one, 'version: 7\n');
  const settings = `default_provider: echo
providers:
  a: { type: scripted, script: ${one} }
  b: { type: cascade, stt: { type: local }, llm: { type: scripted, script: ${one} }, tts: { type: local } }
  c: { type: scripted, script: ${two} }
`;
  const { code, message } = await madeReady(settings);
  assert.is(code, 'TP_ERR_SCRIPT_INVALID');
  assert.is(message.split('one.yaml:1: Expected 1').length, 2, message);
  assert.match(message, `can be read at ${two}`);
});

test('the models of a provider that nobody names are not asked for', async () => {
  assert.equal(await madeReady('default_provider: echo\n'), { failed: [], message: '' });
});

test('a provider without its models is missed at start by whoever has no other', async () => {
  const small = 'providers: { small: { type: scripted, tier: light } }\n';
  for (const named of ['default_provider: small', 'default_provider: echo\ncontexts: { support: { provider: small } }']) {
    const { code, message } = await madeReady(`${small}${named}\n`);
    assert.is(code, 'TP_ERR_MODEL_MISSING', named);
    assert.match(message, /The model (moonshine-tiny|flite) .* is not on this machine/);
  }
});

test('a provider that cannot be had is told, and another of its chain is enough', async () => {
  const small = 'providers: { small: { type: scripted, tier: light } }\n';
  assert.equal(await madeReady(`${small}default_provider: small\nfallback: [echo]\n`), { failed: ['small'], message: '' });
  assert.equal(await madeReady(`${small}default_provider: echo\nfallback: [small]\n`), { failed: ['small'], message: '' });
  assert.equal(await madeReady(`${small}default_provider: echo\ncontexts: { a: { provider: small, fallback: [echo] } }\n`), {
    failed: ['small'],
    message: '',
  });
});

test('a context takes the default provider and the common fallback unless it has its own', () => {
  const chains = providerChains(
    parseSettings(
      `default_provider: echo
fallback: [local]
contexts: { plain: {}, own: { provider: local }, alone: { provider: local, fallback: [] } }
`,
      'talkpath.yaml',
    ),
  );
  assert.equal(chains, [['echo', 'local'], ['echo', 'local'], ['local', 'local'], ['local']]);
});

test('a service is limited and costs, whatever else it is made of; what runs on this machine does neither', async () => {
  const settings = parseSettings(
    `default_provider: echo
budgets: { total_minutes: 1 }
providers:
  realtime: { type: openai-realtime, api_key: key, limits: { max_calls: 1 } }
  mixed: { type: cascade, stt: { type: deepgram, api_key: key }, llm: { type: scripted }, tts: { type: deepgram, api_key: key }, limits: { max_calls: 1 } }
`,
    'talkpath.yaml',
  );
  const made: string[] = [];
  const registry = new ProviderRegistry(settings.providers, systemClock, {
    replyOverdueMs: 4000,
    budgets: settings.budgets,
    onMade: ({ name }) => made.push(name),
  });
  const guards = await Promise.all(['echo', 'realtime', 'mixed'].map((name) => registry.get(name)));
  await registry.get('echo');
  assert.equal(made.sort(), ['echo', 'mixed', 'realtime']);
  assert.equal(
    guards.map(({ isLimited }) => isLimited),
    [false, true, true],
  );
  await registry.close();
});

test('a provider that is switched off before anybody has asked for it takes no call when it is made', async () => {
  const settings = parseSettings('default_provider: echo\nproviders: { realtime: { type: openai-realtime, api_key: key } }\n', 'talkpath.yaml');
  const registry = new ProviderRegistry(settings.providers, systemClock, { replyOverdueMs: 4000 });
  registry.switch('realtime', true);
  const guard = await registry.get('realtime');
  assert.equal([registry.isOff('realtime'), guard.admits], [true, false]);
  registry.switch('realtime', false);
  assert.equal([registry.isOff('realtime'), guard.admits], [false, true]);
  await registry.close();
});

test.run();
