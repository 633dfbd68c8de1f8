/** Opens everything that a driver file brings and feeds it one frame: try.js FILE */
import { messageOf } from '#talkpath/base/errors.js';
import { loadPeer } from './all.js';

const [file = ''] = process.argv.slice(2);
try {
  const peer = await loadPeer(file);
  for (const driver of peer.resamplers ?? []) {
    const stream = await driver.open(24000, 8000);
    stream.process(new Int16Array(480));
    stream.close();
  }
  for (const driver of peer.echoCancellers ?? []) {
    const stream = await driver.open(16000);
    stream.process(new Int16Array(160), new Int16Array(160));
    stream.close();
  }
  for (const driver of peer.voiceDetectors ?? []) {
    const stream = await driver.open();
    await stream.process(new Int16Array(driver.frameSamples));
    stream.close();
  }
  process.exit(0);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
