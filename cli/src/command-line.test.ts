import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { NoAnswer, ServerRefusal } from '@espalier/client';
import {
  ascending,
  encoding,
  group,
  instant,
  numberBetween,
  oneOf,
  told,
  wholeNumberBetween,
} from './arguments.js';
import { problemLine } from './commands/space-documents.js';
import { CommandFailure, explain } from './failures.js';
import { csv } from './output.js';
import { samplerSetting } from './sampler-setting.js';
import { table } from './table.js';

describe('arguments', () => {
  it.each(['1.2', '-0.1', 'NaN', '', 'half', 'Infinity'])('refuse %j as a ratio', (text) => {
    expect(() => numberBetween(0, 0.999)(text)).toThrow(InvalidArgumentError);
  });

  it.each(['0', '1000000000', '2.5'])('refuse %j as a budget', (text) => {
    expect(() => wholeNumberBetween(1, 1_000_000)(text)).toThrow(InvalidArgumentError);
  });

  it('read an encoding as it is shown', () => {
    expect(encoding('3.17.8')).toEqual([3, 17, 8]);
    for (const text of ['', '3..8', '3.-1.8', '3.x', '1.2.']) expect(() => encoding(text)).toThrow(/indices/);
  });

  it('read an instant, in UTC unless it says otherwise', () => {
    expect(instant('2026-05-04T12:00')).toBe('2026-05-04T12:00:00.000Z');
    expect(instant('2026-05-04T12:00+02:00')).toBe('2026-05-04T10:00:00.000Z');
    expect(instant('2026-05-04')).toBe('2026-05-04T00:00:00.000Z');
    for (const text of ['', 'tomorrow', '12:00', '2026-13-04'])
      expect(() => instant(text)).toThrow(/instant/);
  });

  it('take a rule in any case and name those that there are', () => {
    const rule = oneOf(['BLOCK_EFFECT', 'RANDOM']);
    expect(rule('block_effect')).toBe('BLOCK_EFFECT');
    expect(() => rule('best')).toThrow('BLOCK_EFFECT, RANDOM');
  });

  it('read columns, ascending', () => {
    expect(ascending('10,100, 1000')).toEqual([10, 100, 1000]);
    for (const text of ['', '0', '10,10', '100,10', '10,,20', '1.5', 'ten'])
      expect(() => ascending(text)).toThrow(/ascending/);
  });

  it('collect groups of runs', () => {
    const groups = group('pruned=c,d', group('unpruned=a,b'));
    expect(groups).toEqual([
      { label: 'unpruned', searchRunIds: ['a', 'b'] },
      { label: 'pruned', searchRunIds: ['c', 'd'] },
    ]);
    for (const text of ['a,b', '=a', 'label=']) expect(() => group(text)).toThrow(/label=RUN,RUN/);
  });

  it('collect settings of a sampler: numbers, lists of them and words', () => {
    const settings = [
      'parents=accuracy',
      'childCount=50',
      'unitProbabilities=0.5,0.25',
      'unitProbabilities=1,',
    ];
    expect(settings.slice(0, 3).reduce((earlier, text) => samplerSetting(text, earlier), {})).toEqual({
      parents: 'ACCURACY',
      childCount: 50,
      unitProbabilities: [0.5, 0.25],
    });
    expect(samplerSetting(settings[3] ?? '')).toEqual({ unitProbabilities: [1] });
    for (const text of ['', 'childCount', 'childCount=', '=5', 'childCount=1e', 'childCount=1,,2'])
      expect(() => samplerSetting(text)).toThrow(/NAME=VALUE/);
  });

  it('collect what trainers found', () => {
    expect(told('YXQ_-9.2=failed: out of memory', told('YXQa.1=92.4'))).toEqual([
      { trialId: 'YXQa', fence: 1, accuracy: 92.4 },
      { trialId: 'YXQ_-9', fence: 2, failed: 'out of memory' },
    ]);
    for (const text of [
      'YXQa=92',
      'YXQa.1',
      'YXQa.1=',
      'YXQa.1=good',
      'YXQa.1=failed:',
      '.1=92',
      'YXQa.x=92',
    ])
      expect(() => told(text)).toThrow(/TRIAL=ACCURACY/);
  });
});

describe('failures', () => {
  it.each([
    [new ServerRefusal('NOT_FOUND', 'Gone.', 'r-1'), 1, 'Gone. (NOT_FOUND, request r-1)'],
    [new CommandFailure('USAGE', 'Give one.'), 2, 'Give one.'],
    [new ServerRefusal('UNAUTHENTICATED', 'No.', undefined), 3, 'No. (UNAUTHENTICATED)'],
    [new NoAnswer('There is no answer.'), 4, 'There is no answer.'],
    [new Error('Odd.'), 1, 'Odd.'],
  ])('%s exit with %d', (error, exitCode, message) => {
    expect(explain(error)).toEqual({ message, exitCode });
  });
});

describe('problems of a document', () => {
  it('are lines that editors understand', () => {
    const problem = { path: 'stages[0].layers', message: 'expected one', line: 3, column: 9 };
    expect(problemLine('a.yaml', problem)).toBe('a.yaml:3:9: stages[0].layers: expected one');
    expect(problemLine('a.yaml', { path: '', message: 'too large' })).toBe('a.yaml: too large');
  });
});

describe('output', () => {
  it('aligns columns, numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['long', 120],
        ],
      ),
    ).toBe('name    n\na       5\nlong  120');
  });

  it('quotes what CSV must quote', () => {
    const shown = { header: ['a', 'b'], rows: [['one, two', 'say "x"']] };
    expect(csv(shown)).toBe('a,b\n"one, two","say ""x"""');
  });
});
