import { AmiClient } from '#talkpath/asterisk/ami/client.js';
import { AmiWay } from '#talkpath/asterisk/ami/way.js';
import { AriClient } from '#talkpath/asterisk/ari/client.js';
import { AriWay } from '#talkpath/asterisk/ari/way.js';
import { ChannelBook } from '#talkpath/asterisk/channel-book.js';
import { AsteriskControl } from '#talkpath/asterisk/control.js';
import { systemClock } from '#talkpath/base/clock.js';
import { eventually } from '../deadline.js';
import type { Asterisk } from './asterisk.js';

/** What the tests do to calls of a real Asterisk, as the user of docs/asterisk.md; by REST as one who may write. */
export interface TestedControl {
  readonly control: AsteriskControl;
  readonly book: ChannelBook;
  close(): void;
}

export async function controlByManager({ managerPort }: Asterisk): Promise<TestedControl> {
  const book = new ChannelBook();
  const client = new AmiClient({
    host: '127.0.0.1',
    port: managerPort,
    user: 'talkpath',
    secret: 'change-me',
    clock: systemClock,
    onEvent: (event) => ami.takeEvent(event),
    onState: () => {},
  });
  const ami = new AmiWay(client, book, []);
  client.start();
  await eventually(5000, 'the manager is connected', () => client.isConnected);
  return { control: new AsteriskControl({ ami, ari: undefined, book, clock: systemClock }), book, close: () => client.close() };
}

export function controlByRest({ httpPort }: Asterisk): TestedControl {
  const book = new ChannelBook();
  const client = new AriClient({ url: `http://127.0.0.1:${httpPort}/ari`, user: 'stasis', password: 'change-me', clock: systemClock });
  return {
    control: new AsteriskControl({ ami: undefined, ari: new AriWay(client, []), book, clock: systemClock }),
    book,
    close: () => client.close(),
  };
}
