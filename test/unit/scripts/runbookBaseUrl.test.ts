import { expect, it } from 'vitest';
import { runbookBaseUrl } from '../../../scripts/runbookBaseUrl.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

it.each([
  ['https://github.com/contoso/keywatch.git', 'https://github.com/contoso/keywatch/blob/'],
  ['git@github.com:contoso/keywatch.git', 'https://github.com/contoso/keywatch/blob/'],
  ['ssh://git@gitlab.contoso.example:2222/ops/keywatch', 'https://gitlab.contoso.example/ops/keywatch/blob/'],
  ['https://x-access-token:s3cret@github.com/contoso/keywatch', 'https://github.com/contoso/keywatch/blob/'],
])('a runbook is opened as of the commit that was deployed: %s', (remote, start) => {
  expect(runbookBaseUrl(remote, COMMIT)).toBe(`${start}${COMMIT}/`);
});

it.each([
  ['https://contoso@dev.azure.com/contoso/ops/_git/keywatch'],
  ['git@ssh.dev.azure.com:v3/contoso/ops/keywatch'],
])('in Azure Repos too: %s', (remote) => {
  expect(runbookBaseUrl(remote, COMMIT)).toBe(
    `https://dev.azure.com/contoso/ops/_git/keywatch?version=GC${COMMIT}&path=/`,
  );
});

it.each([
  ['', COMMIT],
  ['/srv/git/keywatch', COMMIT],
  ['https://github.com/contoso/keywatch', ''],
  ['git@ssh.dev.azure.com:contoso', COMMIT],
])('what is nowhere on the web has no address: "%s" at "%s"', (remote, commit) => {
  expect(runbookBaseUrl(remote, commit)).toBe('');
});
