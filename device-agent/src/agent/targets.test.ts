import { expect, it } from 'vitest';
import { parseTargets, targetText } from './targets.js';

it('takes what a target leaves out from the usual one', () => {
  expect(parseTargets(['precision=int8', 'threads=2, batch=1'])).toEqual([
    { threads: 1, precision: 'int8', provider: 'cpu', batch: 16 },
    { threads: 2, precision: 'fp32', provider: 'cpu', batch: 1 },
  ]);
});

it('reads what it writes', () => {
  const target = { threads: 4, precision: 'int8', provider: 'webgpu', batch: 8 } as const;
  expect(parseTargets([targetText(target)])).toEqual([target]);
});

it.each([
  ['', /has nothing/],
  ['thread=1', /thread=1/],
  ['toString=1', /toString=1/],
  ['threads', /has threads;/],
  ['threads=0', /expected 1–1024/],
  ['threads=1.5', /expected 1–1024/],
  ['batch=1e9', /expected 1–4096/],
  ['precision=fp16', /expected fp32 or int8/],
  ['provider=../x', /expected a name/],
  ['threads=1,threads=2', /twice/],
  ['batch=1=2', /batch=1=2/],
])('refuses %j with a sentence', (text, reason) => {
  expect(() => parseTargets([text])).toThrow(reason);
});

it('refuses one target twice, however it is written, and too many', () => {
  expect(() => parseTargets(['threads=1', 'batch=16'])).toThrow(/declared twice/);
  expect(() => parseTargets(Array.from({ length: 17 }, (_, at) => `batch=${String(at + 1)}`))).toThrow(/16/);
});
