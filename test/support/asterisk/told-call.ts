import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { projectFolder } from '../project.js';
import type { Bench } from './bench.js';

/** Settings whose context `sales` has an agent that says what it was told of the call. */
export const tellingContexts = `
providers:
  telling: {type: scripted, script: ${join(projectFolder, 'test/support/asterisk/telling-dialogue.yaml')}}
contexts:
  sales: {provider: telling}
`;

/** Whom the phone says it is. */
export const toldCaller = '"An Na" <sip:+41791234567@127.0.0.1>';

/** The call was set up with what the dialplan's channel says, and the agent says so. */
export async function assertTold(bench: Bench, uuid: string): Promise<void> {
  const { plan, transcript, notices } = await bench.talkpath.callWhen(uuid, 'the agent speaks', (record) => record.transcript.length > 0);
  assert.equal([plan.context, plan.provider, notices], ['sales', 'telling', []]);
  assert.is(
    transcript[0]?.text,
    'Hello An Na, you call from plus four one seven, nine one two three, four five six seven, and your order is forty two.',
  );
}
