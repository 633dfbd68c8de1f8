import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryWasi, WasiExit } from '#talkpath/inference/wasi-memory.js';

const badDescriptor = 8;
const root = 3;
const file = 4;
const create = 1;

/** A command's side of WASI: calls by name, on a memory of its own. */
function command(args: readonly string[] = []) {
  const wasi = new MemoryWasi();
  const buffer = new ArrayBuffer(1 << 20);
  wasi.memory = { buffer };
  wasi.args = args;
  const view = new DataView(buffer);
  const call = (name: string, ...values: (number | bigint)[]): unknown => wasi.imports[name]?.(...values);
  const write = (text: string, descriptor = file): unknown => {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(buffer).set(bytes, 1000);
    view.setUint32(500, 1000, true);
    view.setUint32(504, bytes.length, true);
    return call('fd_write', descriptor, 500, 1, 508);
  };
  const output = (): string => new TextDecoder().decode(wasi.output);
  return { wasi, view, bytes: new Uint8Array(buffer), call, write, output };
}

test('arguments reach the command as strings that end with zero', () => {
  const { view, bytes, call } = command(['flite', 'hé']);
  call('args_sizes_get', 0, 4);
  assert.is(view.getUint32(0, true), 2);
  assert.is(view.getUint32(4, true), 'flite\0'.length + 'he\0'.length + 1);
  call('args_get', 16, 100);
  const second = view.getUint32(20, true);
  assert.is(view.getUint32(16, true), 100);
  assert.is(new TextDecoder().decode(bytes.subarray(second, second + 3)), 'hé');
  assert.is(bytes[second + 3], 0);
});

test('what the command writes to its file is the output, wherever it seeks', () => {
  const { view, call, write, output } = command();
  assert.is(call('path_open', root, 0, 0, 4, create, 0n, 0n, 0, 64), 0);
  assert.is(view.getUint32(64, true), file);
  write('RIFF????data');
  assert.is(view.getUint32(508, true), 12);
  call('fd_seek', file, 4n, 0, 72);
  write('size');
  call('fd_seek', file, 0n, 2, 72);
  assert.is(view.getBigUint64(72, true), 12n);
  write('!');
  assert.is(output(), 'RIFFsizedata!');
});

test('a file grows as far as it is written', () => {
  const { write, wasi } = command();
  for (let i = 0; i < 40; i += 1) write('x'.repeat(10_000));
  assert.is(wasi.output.length, 400_000);
});

test('what goes to the terminal is not part of the output', () => {
  const { write, output } = command();
  write('a message', 1);
  assert.is(output(), '');
});

test('no file can be read: only one can be made', () => {
  const { call } = command();
  assert.is.not(call('path_open', root, 0, 0, 4, 0, 0n, 0n, 0, 64), 0);
  assert.is(call('fd_prestat_get', root, 0), 0);
  assert.is(call('fd_prestat_get', file, 0), badDescriptor);
});

test('an exit ends the command with its code', () => {
  const { call } = command();
  try {
    call('proc_exit', 7);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, WasiExit);
    assert.is((error as WasiExit).exitCode, 7);
  }
});

test.run();
