import { expect, it } from 'vitest';
import { whyNoAppAddress } from '../../../scripts/appAddress.ts';

it.each(['https://func-keywatch.azurewebsites.net', 'http://127.0.0.1:7071', 'http://localhost:7071/'])(
  '%s may be asked whether the app is healthy',
  (given) => {
    expect(whyNoAppAddress(given)).toBeUndefined();
  },
);

it.each([
  ['', 'none was given'],
  ['func-keywatch', 'begins with https://'],
  ['localhost:7071', 'begins with https://'],
  ['ftp://func-keywatch.azurewebsites.net', 'begins with https://'],
  ['http://func-keywatch.azurewebsites.net', 'write https'],
  ['https://me:hunter2@func-keywatch.azurewebsites.net', 'no credentials'],
])('%j is refused before anybody waits for it', (given, words) => {
  expect(whyNoAppAddress(given)).toContain(words);
});
