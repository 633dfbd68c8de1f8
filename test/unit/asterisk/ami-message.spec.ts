import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AmiMessage, AmiReader, formatAction } from '#talkpath/asterisk/ami/message.js';
import type { AsteriskError } from '#talkpath/asterisk/asterisk-error.js';
import { holds } from '../../support/property.js';

const banner = 'Asterisk Call Manager/11.0.0\r\n';

/** The code and the message that an action is refused with. */
function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${(error as AsteriskError).code}: ${(error as Error).message}`;
  }
  return 'nothing';
}

test('messages come out as they went in, however the stream is cut', () => {
  const sent = `${banner}Response: Success\r\nActionID: 1\r\n\r\nEvent: Newexten\r\nChannel: PJSIP/a-1\r\nAppData: a: b\r\n\r\n`;
  holds(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (cuts) => {
      const reader = new AmiReader();
      const messages: AmiMessage[] = [];
      const bytes = Buffer.from(sent);
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const end = at + (cuts[i % cuts.length] as number);
        messages.push(...reader.push(bytes.subarray(at, end)));
        at = end;
      }
      assert.ok(reader.greeted);
      assert.equal([messages.length, messages[0]?.get('actionid'), messages[1]?.get('AppData')], [2, '1', 'a: b']);
    }),
  );
});

test('names of fields are the same in upper and lower case, a field may be there more than once, and one that is not there is empty', () => {
  const message = new AmiMessage(['Event: Status', 'Variable: A=1', 'variable: B=2', 'Data:', 'a line without a name', ': nor this']);
  assert.is(message.get('EVENT'), 'Status');
  assert.equal(message.all('Variable'), ['A=1', 'B=2']);
  assert.equal([message.get('Data'), message.get('Nothing')], ['', '']);
});

test('a value keeps its spaces but the first', () => {
  assert.is(new AmiMessage(['Value:   two words ']).get('Value'), '  two words ');
});

test('what is no manager is noticed at its first line', () => {
  for (const line of ['SSH-2.0-OpenSSH_9.2p1', 'HTTP/1.1 400 Bad Request', ''])
    assert.match(
      refusalOf(() => new AmiReader().push(Buffer.from(`${line}\r\n`))),
      /^TP_ERR_ASTERISK_PROTOCOL: What answers there is not the manager/,
    );
});

test('lines and messages without end are refused', () => {
  assert.match(
    refusalOf(() => new AmiReader().push(Buffer.from('x'.repeat(70_000)))),
    /^TP_ERR_ASTERISK_PROTOCOL: .*65536 bytes/,
  );
  assert.match(
    refusalOf(() => new AmiReader().push(Buffer.from(`${banner}${'A: b\r\n'.repeat(2001)}`))),
    /^TP_ERR_ASTERISK_PROTOCOL: .*2000 lines/,
  );
});

test('an action goes on the wire field by field', () => {
  assert.is(formatAction('Setvar', { ActionID: '7', Value: 'ü, "b"' }), 'Action: Setvar\r\nActionID: 7\r\nValue: ü, "b"\r\n\r\n');
});

test('a value cannot become a field or an action of its own, and is not repeated', () => {
  for (const value of ['planted\r\nAction: Originate', 'planted\nX: y', 'planted\rX', 'planted\0', 'planted\x1b[2J', 'planted\x7f']) {
    const refusal = refusalOf(() => formatAction('Setvar', { Value: value }));
    assert.match(refusal, /^TP_ERR_ASTERISK_VALUE: Expected text without line ends and control characters for Value of Setvar$/);
  }
});

test('a line that Asterisk would cut is refused, and the longest that it takes is not', () => {
  const most = 1022 - 'Value: '.length;
  assert.is(
    refusalOf(() => formatAction('Setvar', { Value: 'x'.repeat(most) })),
    'nothing',
  );
  assert.is(
    refusalOf(() => formatAction('Setvar', { Value: `${'x'.repeat(most - 1)}ü` })),
    `TP_ERR_ASTERISK_VALUE: Expected at most ${most} bytes for Value of Setvar but received ${most + 1}`,
  );
});

test('whatever the values are, an action is one message with as many fields as it was given', () => {
  holds(
    fc.property(fc.dictionary(fc.constantFrom('Channel', 'Variable', 'Value'), fc.string({ unit: 'binary' })), (fields) => {
      let text: string;
      try {
        text = formatAction('Setvar', fields);
      } catch {
        return;
      }
      assert.ok(text.endsWith('\r\n\r\n'));
      assert.is(text.split('\r\n').length, Object.keys(fields).length + 3);
    }),
  );
});

test.run();
