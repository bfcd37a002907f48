import { expect, it } from 'vitest';
import { agentOperations, operationName } from './operations.js';
import { subjectWords } from './subject-words.js';
import { browserOf, platformOf } from './surroundings.js';

const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';

it('says what browser and platform a user agent is of when the browser does not say more', () => {
  expect([browserOf(SAFARI, []), platformOf(SAFARI)]).toEqual(['Safari 18.5', 'iPhone']);
  expect([browserOf(FIREFOX, []), platformOf(FIREFOX)]).toEqual(['Firefox 143', 'Linux x86_64']);
  expect([browserOf('nothing', []), platformOf('nothing')]).toEqual(['browser', '']);
});

it('says subjects in words and is not upset by others', () => {
  const block = { kind: 'BLOCK', layer: 2, choice: 0, copies: 4, site: 0 };
  expect(subjectWords(block)).toBe('layer 3, choice 1, 4 copies in a row');
  expect(subjectWords({ ...block, copies: 1 })).toBe('layer 3, choice 1');
  expect(subjectWords({ kind: 'NETWORK', encoding: [1] })).toBe('a whole network');
  expect([null, 3, 'BLOCK', {}].map(subjectWords)).toEqual(Array<string>(4).fill('a model'));
});

it('passes an agent’s own operations on by name, and no other', () => {
  expect([...agentOperations.keys()].sort()).toEqual([
    'BlockFile',
    'Heartbeat',
    'LeaseMeasurements',
    'ModelFile',
    'RegisterDevice',
    'ReportMeasurements',
    'UpdateDevice',
  ]);
  expect(() => operationName('{ viewer { user { id } } }')).toThrow(/name/);
});
