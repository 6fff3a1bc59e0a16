import { afterEach, expect, it } from 'vitest';
import {
  clearEnvironment,
  readEnvironment,
  setEnvironmentDefault,
} from '../../../src/lib/kernel/environment.ts';

const NAME = 'KEYWATCH_TEST_ONLY';
afterEach(() => {
  delete process.env[NAME];
});

it('sets a variable that nobody has set, and takes it back', () => {
  const takeBack = setEnvironmentDefault(NAME, 'ours');
  expect(readEnvironment()[NAME]).toBe('ours');
  takeBack();
  expect(readEnvironment()[NAME]).toBeUndefined();
});

it('leaves what the operator has set, before and after', () => {
  process.env[NAME] = 'theirs';
  const takeBack = setEnvironmentDefault(NAME, 'ours');
  takeBack();
  expect(readEnvironment()[NAME]).toBe('theirs');
});

it('takes away the variables that begin so, and no others', () => {
  process.env[NAME] = 'theirs';
  clearEnvironment('KEYWATCH_TEST_ONLY_', 'TEST_ONLY');
  expect(readEnvironment()[NAME]).toBe('theirs');
  clearEnvironment('KEYWATCH_TEST_O', 'OTHER_');
  expect(readEnvironment()[NAME]).toBeUndefined();
});
