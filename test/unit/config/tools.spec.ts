import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { parseSettings } from '#talkpath/config/load.js';

const book = { type: 'webhook', description: 'Books.', url: 'https://host/book' };
const withTool = (changes: object): string => JSON.stringify({ tools: { book: { ...book, ...changes } } });
const withProperty = (it: object): string => withTool({ parameters: { type: 'object', properties: { it } } });

function refusal(source: string, environment: NodeJS.ProcessEnv = {}): string {
  try {
    parseSettings(source, 'file', environment);
  } catch (error) {
    assert.instance(error, TalkpathError);
    return (error as Error).message.replaceAll(/file:\d+: /g, '');
  }
  throw new Error(`these settings are not refused:\n${source}`);
}

test('a webhook needs an address and a description, and nothing else', () => {
  const settings = parseSettings(withTool({}), 'file');
  assert.equal(settings.tools.book, {
    type: 'webhook',
    description: 'Books.',
    url: 'https://host/book',
    method: 'POST',
    headers: {},
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
    send_caller: false,
    timeout_ms: 5000,
    retries: 2,
    retry_ms: 300,
    safe_to_repeat: false,
    once_per: 'arguments',
  });
  assert.equal([settings.transfer, settings.journal], [{ destinations: {} }, {}]);
});

test('without settings there are no tools, and no place for a journal is looked for', () => {
  const settings = parseSettings('', 'file');
  assert.equal([settings.tools, settings.transfer, settings.journal], [{}, { destinations: {} }, {}]);
});

const sentences: Record<string, [source: string, message: string]> = {
  'a tool of an unknown type': [withTool({ type: 'hook' }), 'Expected webhook for tools.book.type but received "hook" of type string'],
  'a tool without an address': [
    JSON.stringify({ tools: { book: { type: 'webhook', description: 'Books.' } } }),
    'Expected URL that begins with http:// or https://, without user, query and fragment for tools.book.url but received nothing',
  ],
  'an address that is not shown, as it may hold a key': [
    withTool({ url: 'https://host/?key=sk-4711' }),
    'Expected URL that begins with http:// or https://, without user, query and fragment for tools.book.url but received a value of type string',
  ],
  'a method that is none of those': [
    withTool({ method: 'DELETE' }),
    'Expected one of POST, GET, PUT for tools.book.method but received "DELETE" of type string',
  ],
  'a setting that is nearly known': [withTool({ timeout: 1 }), 'Unknown setting tools.book.timeout. Did you mean timeout_ms?'],
  'the name of a tool that every call has': [
    JSON.stringify({ tools: { transfer: book } }),
    'Expected name of 1 to 64 letters, digits, - or _, other than hang_up, transfer, send_digits as key of tools but received "transfer"',
  ],
  'a name with a space': [
    JSON.stringify({ tools: { 'my tool': book } }),
    'Expected name of 1 to 64 letters, digits, - or _, other than hang_up, transfer, send_digits as key of tools but received "my tool"',
  ],
  'the caller in a GET': [
    withTool({ method: 'GET', send_caller: true }),
    'Expected false, as a GET has no body to put it in, for tools.book.send_caller but received true of type boolean',
  ],
  'a look-up that may not be repeated': [
    withTool({ once_per: 'none' }),
    'Expected arguments or call, as safe_to_repeat is false, for tools.book.once_per but received "none" of type string',
  ],
  'a header whose value is not shown': [
    withTool({ headers: { 'X-Caller': 4711 } }),
    'Expected text of 1 to 4096 printable ASCII characters for tools.book.headers.X-Caller but received a value of type number',
  ],
  'a header with a line of its own in it': [
    withTool({ headers: { 'X-Caller': 'a\r\nX-Other: sk-4711' } }),
    'Expected text of 1 to 4096 printable ASCII characters for tools.book.headers.X-Caller but received a value of type string',
  ],
  'a tool of a context that is none of those known': [
    JSON.stringify({ tools: { book }, contexts: { support: { tools: ['hang_up', 'bok'] } } }),
    'Expected one of hang_up, transfer, send_digits, book for contexts.support.tools.1 but received "bok". Did you mean book?',
  ],
  'a tool of a context that every object has by birth': [
    JSON.stringify({ contexts: { support: { tools: ['constructor'] } } }),
    'Expected one of hang_up, transfer, send_digits for contexts.support.tools.0 but received "constructor"',
  ],
  'a destination without a description': [
    JSON.stringify({ transfer: { destinations: { sales: {} } } }),
    'Expected text of 1 to 500 characters for transfer.destinations.sales.description but received nothing',
  ],
  'half a place in the dialplan': [
    JSON.stringify({ transfer: { destinations: { sales: { description: 'a', extension: '100' } } } }),
    'Expected text of 1 to 79 letters, digits and . _ -, as there is an extension, for transfer.destinations.sales.context but received nothing',
  ],
  'an extension with a line of its own in it': [
    JSON.stringify({ transfer: { destinations: { sales: { description: 'a', context: 'b', extension: '1\nAction: x' } } } }),
    'Expected text of 1 to 79 letters, digits and . _ * # + - for transfer.destinations.sales.extension but received "1\\nAction: x" of type string',
  ],
  'parameters that are no object': [
    withTool({ parameters: { type: 'string' } }),
    'Expected object for tools.book.parameters.type but received "string" of type string',
  ],
  'a keyword that is not understood': [withTool({ parameters: { type: 'object', oneOf: [] } }), 'Unknown setting tools.book.parameters.oneOf'],
  'a keyword that is nearly understood further in': [
    withProperty({ type: 'string', min_length: 1 }),
    'Unknown setting tools.book.parameters.properties.it.min_length',
  ],
  'a keyword of another type': [withProperty({ type: 'boolean', minimum: 1 }), 'Unknown setting tools.book.parameters.properties.it.minimum'],
  'an unknown type': [
    withProperty({ type: 'text' }),
    'Expected one of string, number, integer, boolean, array, object for tools.book.parameters.properties.it.type but received "text" of type string',
  ],
  'several types': [
    withProperty({ type: ['string', 'null'] }),
    'Expected one of string, number, integer, boolean, array, object for tools.book.parameters.properties.it.type but received a value of type list',
  ],
  'no type': [
    withProperty({ enum: ['a'] }),
    'Expected one of string, number, integer, boolean, array, object for tools.book.parameters.properties.it.type but received nothing',
  ],
  'a list of no items': [withProperty({ type: 'array' }), 'Expected mapping for tools.book.parameters.properties.it.items but received nothing'],
  'something further in': [
    withProperty({ type: 'array', items: { type: 'object', properties: { deep: { type: 'number', minimum: 'x' } } } }),
    'Expected number between -9007199254740991 and 9007199254740991 for tools.book.parameters.properties.it.items.properties.deep.minimum but received "x" of type string',
  ],
  'bounds between which nothing lies': [
    withProperty({ type: 'integer', minimum: 5, maximum: 4 }),
    'Expected at least minimum, 5, for tools.book.parameters.properties.it.maximum but received 4 of type number',
  ],
  'a pattern that is none': [
    withProperty({ type: 'string', pattern: '(' }),
    'Expected regular expression for tools.book.parameters.properties.it.pattern but received "(" of type string',
  ],
  'a choice that the bounds forbid': [
    withProperty({ type: 'string', maxLength: 2, enum: ['ab', 'abc'] }),
    'Expected text that minLength, maxLength and pattern allow for tools.book.parameters.properties.it.enum.1 but received "abc" of type string',
  ],
  'a fraction to choose as an integer': [
    withProperty({ type: 'integer', enum: [1.5] }),
    'Expected integer that minimum and maximum allow for tools.book.parameters.properties.it.enum.0 but received 1.5 of type number',
  ],
  'a choice of nothing': [
    withProperty({ type: 'string', enum: [] }),
    'Expected list with a text in it for tools.book.parameters.properties.it.enum but received a value of type list',
  ],
  'an argument that must be there and is not told of': [
    withTool({ parameters: { type: 'object', properties: { date: { type: 'string' } }, required: ['dat'] } }),
    'Expected one of date for tools.book.parameters.required.0 but received "dat" of type string',
  ],
  'an argument that every object has by birth': [
    withTool({ parameters: { type: 'object', properties: { constructor: { type: 'string' } } } }),
    'Expected name of 1 to 64 letters, digits, - or _, other than constructor and the like as key of tools.book.parameters.properties but received "constructor"',
  ],
};

for (const [what, [source, message]] of Object.entries(sentences)) {
  test(`${what} is refused with what was expected, where, and what was found`, () => {
    assert.is(refusal(source), message);
  });
}

test('headers that a request is made of are not for the settings, however they are written', () => {
  for (const name of ['Host', 'content-length', 'Content-Type', 'Idempotency-Key', 'TRANSFER-ENCODING', 'a b', '']) {
    assert.match(refusal(withTool({ headers: { [name]: 'x' } })), /^Expected name of a header other than .* as key of tools\.book\.headers/);
  }
  assert.equal(parseSettings(withTool({ headers: { 'X-Key': 'a b' } }), 'file').tools.book?.headers, { 'X-Key': 'a b' });
});

test('a secret in a header comes from the environment, and is not shown', () => {
  const source = (value: string): string =>
    `tools: {book: {type: webhook, description: Books., url: 'https://host', headers: {Authorization: ${value}}}}`;
  assert.equal(parseSettings(source('"Bearer ${TOKEN}"'), 'file', { TOKEN: 'sk-4711' }).tools.book?.headers, { Authorization: 'Bearer sk-4711' });
  for (const wrong of ['"${TOKEN}\\n"', '[sk-4711]', '{sk-4711: 1}', '4711']) assert.not.match(refusal(source(wrong), { TOKEN: 'sk-4711' }), '4711');
});

test('a schema may be nested, and the settings say at which depth it is too deep', () => {
  const nested = (depth: number): object => (depth === 0 ? { type: 'string' } : { type: 'array', items: nested(depth - 1) });
  parseSettings(withProperty(nested(10)), 'file');
  assert.match(refusal(withProperty(nested(20))), 'at most 20 levels');
});

test.run();
