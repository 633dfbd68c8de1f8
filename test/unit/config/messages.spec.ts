import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { parseSettings } from '#talkpath/config/load.js';

/** The message that the settings are refused with. */
function refusal(source: string, environment: NodeJS.ProcessEnv = {}): string {
  try {
    parseSettings(source, 'talkpath.yaml', environment);
  } catch (error) {
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_CONFIG_INVALID');
    return (error as Error).message;
  }
  throw new Error(`these settings are not refused:\n${source}`);
}

const sentences: Record<string, [source: string, message: string]> = {
  'an integer below its range': [
    'turn_taking:\n  silence_ms: 9',
    'talkpath.yaml:2: Expected integer between 10 and 60000 for turn_taking.silence_ms but received 9 of type number',
  ],
  'text for an integer': [
    'turn_taking:\n  silence_ms: x',
    'talkpath.yaml:2: Expected integer between 10 and 60000 for turn_taking.silence_ms but received "x" of type string',
  ],
  'a fraction for an integer': [
    'engine: {workers: 1.5}',
    'talkpath.yaml:1: Expected integer between 1 and 64 for engine.workers but received 1.5 of type number',
  ],
  'a number out of its range': [
    'profiles: {telephony: {high_pass_hz: 500}}',
    'talkpath.yaml:1: Expected number between 20 and 400 for profiles.telephony.high_pass_hz but received 500 of type number',
  ],
  'a number out of the range of what may be off': [
    'profiles: {telephony: {comfort_noise_dbfs: -30}}',
    'talkpath.yaml:1: Expected off or integer between -70 and -40 for profiles.telephony.comfort_noise_dbfs but received -30 of type number',
  ],
  'something that is neither true nor false': [
    'turn_taking: {barge_in: maybe}',
    'talkpath.yaml:1: Expected true or false for turn_taking.barge_in but received "maybe" of type string',
  ],
  'one that is not on the list': [
    'logging: {level: loud}',
    'talkpath.yaml:1: Expected one of debug, info, warn, error, silent for logging.level but received "loud" of type string',
  ],
  'a number that is not on the list': [
    'profiles: {telephony: {line_rate_hz: 11025}}',
    'talkpath.yaml:1: Expected one of 8000, 16000, 24000 for profiles.telephony.line_rate_hz but received 11025 of type number',
  ],
  'a switch where there are three ways': [
    'profiles: {telephony: {echo_cancellation: true}}',
    'talkpath.yaml:1: Expected one of never, always, auto for profiles.telephony.echo_cancellation but received true of type boolean',
  ],
  'an empty text': [
    'turn_taking: {fallback_line: ""}',
    'talkpath.yaml:1: Expected text of 1 to 500 characters with a word in it for turn_taking.fallback_line but received "" of type string',
  ],
  'a manager without its user': [
    'asterisk: {ami: {host: 127.0.0.1, secret: planted}}',
    'talkpath.yaml:1: Expected text for asterisk.ami.user because asterisk.ami.host is set, but received nothing',
  ],
  'a manager without its secret': [
    'asterisk: {ami: {host: 127.0.0.1, user: talkpath}}',
    'talkpath.yaml:1: Expected text for asterisk.ami.secret because asterisk.ami.host is set, but received nothing',
  ],
  'a REST interface without its user': [
    'asterisk:\n  ari: {url: "http://127.0.0.1:8088/ari", password: planted}',
    'talkpath.yaml:2: Expected text for asterisk.ari.user because asterisk.ari.url is set, but received nothing',
  ],
  'a REST interface without its password': [
    'asterisk:\n  ari: {url: "http://127.0.0.1:8088/ari", user: talkpath}',
    'talkpath.yaml:2: Expected text for asterisk.ari.password because asterisk.ari.url is set, but received nothing',
  ],
  'a channel variable that cannot be one': [
    'asterisk: {variables: ["ORDER ID"]}',
    'talkpath.yaml:1: Expected name of a channel variable: 1 to 64 letters, digits or _, the first no digit for asterisk.variables.0 but received "ORDER ID" of type string',
  ],
  'a text where a list belongs': ['fallback: echo', 'talkpath.yaml:1: Expected list for fallback but received "echo" of type string'],
  'a list where a section belongs': ['audiosocket: [1]', 'talkpath.yaml:1: Expected mapping for audiosocket but received a value of type list'],
  'nothing where a section belongs': ['audiosocket:', 'talkpath.yaml:1: Expected mapping for audiosocket but received a value of type null'],
  'a network that is none': [
    'audiosocket:\n  allow:\n    - 10.0.0.0/8\n    - 10.0.0.0/40',
    'talkpath.yaml:4: Expected IP address or network such as 10.0.0.0/8 for audiosocket.allow.1 but received "10.0.0.0/40" of type string',
  ],
  'another version': ['config_version: 3', 'talkpath.yaml:1: Expected 4 for config_version but received 3 of type number'],
  'a name with a space': [
    'providers: {"my echo": {type: echo}}',
    'talkpath.yaml:1: Expected name of 1 to 64 letters, digits, - or _ as key of providers but received "my echo"',
  ],
  'an unknown setting that is nearly known': [
    'turn_taking:\n  silence_sm: 400',
    'talkpath.yaml:2: Unknown setting turn_taking.silence_sm. Did you mean silence_ms?',
  ],
  'an unknown section that is nearly known': ['audio_socket: {}', 'talkpath.yaml:1: Unknown setting audio_socket. Did you mean audiosocket?'],
  'an unknown setting that is like none': ['colour: red', 'talkpath.yaml:1: Unknown setting colour'],
  'an unknown setting of a provider': [
    'providers: {mine: {type: scripted, scrpt: a.yaml}}',
    'talkpath.yaml:1: Unknown setting providers.mine.scrpt. Did you mean script?',
  ],
  'an unknown type of provider': [
    'providers:\n  mine:\n    type: eco',
    'talkpath.yaml:3: Expected one of echo, scripted, openai-realtime, deepgram-agent, cascade, person for providers.mine.type but received "eco" of type string',
  ],
  'a provider without a type': [
    'providers: {mine: {}}',
    'talkpath.yaml:1: Expected one of echo, scripted, openai-realtime, deepgram-agent, cascade, person for providers.mine.type but received nothing',
  ],
  'a provider that is no mapping': [
    'providers: {mine: echo}',
    'talkpath.yaml:1: Expected mapping for providers.mine but received a value of type string',
  ],
  'an unknown part of a cascade': [
    'providers:\n  mine:\n    type: cascade\n    stt: {type: remote}\n    llm: {type: scripted}\n    tts: {type: local}',
    'talkpath.yaml:4: Expected one of local, deepgram, deepgram-flux, openai, groq, riva for providers.mine.stt.type but received "remote" of type string',
  ],
  'a provider without its key': [
    'providers:\n  mine: {type: openai-realtime}',
    'talkpath.yaml:2: Expected text of 1 to 4096 printable ASCII characters for providers.mine.api_key but received nothing',
  ],
  'an address with a key in it': [
    'providers: {mine: {type: openai-realtime, api_key: a, url: "https://user:pass@host/v1"}}',
    'talkpath.yaml:1: Expected URL that begins with http:// or https://, without user, query and fragment for providers.mine.url but received a value of type string',
  ],
  'a cascade without one of its parts': [
    'providers: {mine: {type: cascade, stt: {type: local}, llm: {type: scripted}}}',
    'talkpath.yaml:1: Expected mapping for providers.mine.tts but received nothing',
  ],
  'a provider that is none of those known': [
    'default_provider: ecko',
    'talkpath.yaml:1: Expected one of echo, local for default_provider but received "ecko". Did you mean echo?',
  ],
  'a provider in a context that is none of those known': [
    'contexts:\n  support:\n    fallback: [echo, deepgram]',
    'talkpath.yaml:3: Expected one of echo, local for contexts.support.fallback.1 but received "deepgram"',
  ],
  'a price of a provider that is none of those known': [
    'prices:\n  providers:\n    lokal: {connected_seconds: 1}',
    'talkpath.yaml:3: Expected one of echo, local for prices.providers.lokal but received "lokal". Did you mean local?',
  ],
  'a variable that is half written': [
    'turn_taking:\n  fallback_line: "${LINE?:none}"',
    'talkpath.yaml:2: Expected ${NAME} or ${NAME:-default} for a variable but received something else',
  ],
  'a tool by a name that objects keep for themselves': ['tools: {__proto__: {type: webhook}}', 'Expected another name than __proto__ in tools'],
  'a profile that every object has by birth': [
    'default_profile: constructor',
    'talkpath.yaml:1: Expected one of telephony, wideband, hifi for default_profile but received "constructor"',
  ],
  'an admin API for everybody without a token': [
    'admin: {host: 0.0.0.0}',
    'talkpath.yaml:1: Expected a token for admin.token because admin.host is "0.0.0.0", which others can reach, but received nothing',
  ],
  'a file that is a list': ['- audiosocket', 'talkpath.yaml:1: Expected mapping for the file but received a value of type list'],
  'a file that is a word': ['audiosocket', 'talkpath.yaml:1: Expected mapping for the file but received a value of type string'],
  'an anchor that is not there': ['audiosocket: *there', 'talkpath.yaml: Unresolved alias (the anchor must be set before the alias): there'],
};

for (const [what, [source, message]] of Object.entries(sentences)) {
  test(`${what} is refused with what was expected, where, and what was found`, () => {
    assert.is(refusal(source), message);
  });
}

test('a file that is no YAML is refused by line', () => {
  assert.match(refusal('audiosocket:\n  host: "127.0.0.1'), /^talkpath\.yaml:2: Missing closing "quote/);
  assert.match(refusal('a: 1\na: 2'), /^talkpath\.yaml:2: Map keys must be unique/);
});

test('a variable that is not quoted where YAML wants it is refused with how to write it', () => {
  const hint = 'talkpath.yaml:1: Unexpected flow-map-start at node end; inside { } and [ ] a variable is quoted: "${NAME}"';
  assert.is(refusal('admin: {token: ${TOKEN}}', { TOKEN: 't' }), hint);
});

test('all that is wrong is said at once, by line', () => {
  assert.equal(
    refusal('engine: {workers: 0}\nlogging: {level: loud}\nturn_taking: {barge_in: 1}\ncolour: red')
      .split('\n')
      .map((line) => line.split(' ')[0]),
    ['talkpath.yaml:1:', 'talkpath.yaml:3:', 'talkpath.yaml:2:', 'talkpath.yaml:4:'],
  );
});

test('a long value is cut short', () => {
  const message = refusal(`logging: {level: ${'x'.repeat(300)}}`);
  assert.ok(message.length < 220, message);
  assert.match(message, /x…" of type string$/);
});

test('what may be a key is not shown, wherever it stands, and what may not is', () => {
  const key = 'sk-proj4711abcdef';
  for (const text of [
    `default_provider: ${key}`,
    `fallback: [${key}]`,
    `providers: {${key}: {type: openai-realtime}}`,
    `providers: {mine: {type: ${key}}}`,
    `providers: {mine: {type: echo, ${key}: 1}}`,
    `contexts: {default: {language: ${key}}}`,
    `prices: {currency: ${key}}`,
    `admin: {token: *${key}}`,
    `admin: {port: "\${${key.replace('-', '_')}}"}`,
    `providers: {mine: {type: openai-realtime, limits: {connect_ms: ${key}}}}`,
  ]) {
    const message = refusal(text);
    assert.not.match(message, /4711/, text);
    assert.match(message, '17 characters that may be a key', text);
  }
  assert.match(refusal('default_provider: the-reception-desk-of-our-house'), 'the-reception-desk-of-our-house');
});

test('a secret is not shown, neither from the file nor from the environment', () => {
  const secret = 'sk-4711';
  const leaky = [
    refusal(`admin: {token: [${secret}]}`),
    refusal(`admin: {token: {value: ${secret}}}`),
    refusal(`admin: {token: "${secret.padEnd(600, '0')}"}`),
    refusal('admin: {token: 12345}'),
    refusal('admin: {token: "${TOKEN}", port: x}', { TOKEN: secret }),
    refusal(`providers: {mine: {type: echo, api_key: ${secret}}}`),
  ];
  for (const message of leaky) assert.not.match(message, /4711|12345/);
  assert.is(leaky[3], 'talkpath.yaml:1: Expected text of 1 to 512 printable ASCII characters for admin.token but received a value of type number');
});

test('a key that no header can hold is refused where it is set, and not shown', () => {
  const keys = ['sk-4711\n', ' sk-4711', 'sk-4711 ', 'sk-4711ü', 'sk-\u00014711', 'sk-4711\u{1F600}'];
  const places: Readonly<Record<string, (key: string) => object>> = {
    'providers.mine.api_key': (api_key) => ({ type: 'openai-realtime', api_key }),
    'providers.mine.think_api_key': (think_api_key) => ({ type: 'deepgram-agent', api_key: 'a', think_api_key }),
    'providers.mine.stt.api_key': (api_key) => ({
      type: 'cascade',
      stt: { type: 'riva', url: 'http://host', api_key },
      llm: { type: 'scripted' },
      tts: { type: 'local' },
    }),
    'providers.mine.tts.api_key': (api_key) => ({
      type: 'cascade',
      stt: { type: 'local' },
      llm: { type: 'scripted' },
      tts: { type: 'riva', url: 'http://host', api_key },
    }),
  };
  for (const [place, set] of Object.entries(places)) {
    const wanted = `Expected text of 1 to 4096 printable ASCII characters for ${place} but received a value of type string`;
    for (const key of keys) {
      assert.is(refusal(JSON.stringify({ providers: { mine: set(key) } })), `talkpath.yaml:1: ${wanted}`);
      const ofEnvironment = refusal(JSON.stringify({ providers: { mine: set('${K}') } }), { K: key });
      assert.is(ofEnvironment, `talkpath.yaml:1: ${wanted} from the environment variable K`);
    }
  }
});

test('a value of the environment is not shown wherever it came to, and its variable is', () => {
  const secret = 'sk-4711';
  const [X, where] = ['"${X}"', 'from the environment variable X'];
  const misplaced: [source: string, message: string][] = [
    ['turn_taking:\n  silence_ms: ${X}', `for turn_taking.silence_ms but received a value of type string ${where}`],
    [`logging: {level: ${X}}`, `for logging.level but received a value of type string ${where}`],
    [`audiosocket: {allow: [10.0.0.1, ${X}]}`, `for audiosocket.allow.1 but received a value of type string ${where}`],
    [`audiosocket: ${X}`, `for audiosocket but received a value of type string ${where}`],
    [`providers: {mine: {type: ${X}}}`, `for providers.mine.type but received a value of type string ${where}`],
    [`providers: {mine: {type: scripted, tier: ${X}}}`, `for providers.mine.tier but received a value of type string ${where}`],
    [`default_provider: ${X}`, `for default_provider but received a value ${where}`],
    [`fallback: [${X}]`, `for fallback.0 but received a value ${where}`],
    [`contexts: {support: {profile: ${X}}}`, `for contexts.support.profile but received a value ${where}`],
    [`admin: {host: ${X}}`, `because admin.host is a value ${where}, which others can reach`],
    [`default_profile: a${X.slice(1, -1)}b`, `for default_profile but received a value ${where}`],
    ['turn_taking: {silence_ms: "${X} ${Y}"}', `but received a value of type string ${where} and Y`],
    ['turn_taking: {no_input_ms: &a "${X}", silence_ms: *a}', `for turn_taking.silence_ms but received a value of type string ${where}`],
    [X, `for the file but received a value of type string ${where}`],
    [`${X}: 1`, 'Unknown setting ${X}'],
    [`providers: {${X}: {type: echo}}`, 'as key of providers but received "${X}"'],
  ];
  for (const [source, message] of misplaced) {
    const said = refusal(source, { X: secret, Y: secret });
    assert.not.match(said, /4711/, source);
    assert.ok(said.includes(message), `${source}: ${said}`);
  }
  assert.match(refusal('logging: {level: "${X:-loud}"}'), /received "loud" of type string$/, 'a default stands in the file');
});

test.run();
