import { expect, it } from 'vitest';
import { createGate } from './gate.js';

it('lets nobody through while closed, and everybody when it opens', async () => {
  const gate = createGate();
  const { signal } = new AbortController();
  await gate.opened(signal);
  gate.set('PAUSED');
  const through: number[] = [];
  const waiting = [1, 2].map((each) => gate.opened(signal).then(() => through.push(each)));
  gate.set('HIDDEN');
  await Promise.resolve();
  expect(through).toEqual([]);
  expect(gate.closedSinceMs).not.toBeNull();
  gate.set(null);
  await Promise.all(waiting);
  expect(through).toEqual([1, 2]);
  expect(gate.closedSinceMs).toBeNull();
});

it('counts how often it was closed, not why', () => {
  const gate = createGate();
  gate.set('HIDDEN');
  gate.set('PAUSED');
  gate.set(null);
  gate.set('HIDDEN');
  expect(gate.closings).toBe(2);
});

it('ends waiting when aborted', async () => {
  const gate = createGate();
  gate.set('PAUSED');
  const abort = new AbortController();
  const waiting = gate.opened(abort.signal);
  abort.abort(new Error('the page was left'));
  await expect(waiting).rejects.toThrow('the page was left');
  await expect(gate.opened(abort.signal)).rejects.toThrow('the page was left');
});
