import { expect, it } from 'vitest';
import { readOfaMeasurements } from './measured-networks.js';

it('says which table is missing', () => {
  expect(() => readOfaMeasurements('/nowhere')).toThrow(
    /\/nowhere\/ofa-mbv3w10.* is not there; expected --data/,
  );
});
