import { expect, it } from 'vitest';
import { grantOption } from '../../../src/cli/grantOption.ts';

it('a grant is named by its id, or as the alert names it', () => {
  expect(grantOption('crm')).toBe('crm');
  expect(grantOption('grant/crm')).toBe('crm');
  expect(grantOption('grants/crm')).toBe('grants/crm');
  expect(grantOption(undefined)).toBeUndefined();
});
