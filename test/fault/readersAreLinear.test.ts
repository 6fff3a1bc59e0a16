import { describe, it } from 'vitest';
import { literalSecretIssues } from '../../src/lib/config/literalSecrets.ts';
import {
  readCount,
  readGuid,
  readKeyId,
  readList,
  readOrigin,
  readText,
} from '../../src/lib/config/readers.ts';
import { readConfigFile } from '../../src/lib/config/readFile.ts';
import { readSchedule } from '../../src/lib/config/schedule.ts';
import { TAGS } from '../../src/lib/credentials/tagNames.ts';
import { readInstant } from '../../src/lib/kernel/instant.ts';
import { printable, printableAddress } from '../../src/lib/kernel/printable.ts';
import { readTargets } from '../../src/lib/kernel/targets.ts';
import { readVaultUrl } from '../../src/lib/kernel/vaultUrl.ts';
import { isWrittenWrongly } from '../../src/lib/oauth/clientAuthentication/sharedSecret.ts';
import { GRANT_TAGS, seqOf } from '../../src/lib/oauth/rules/grantTagNames.ts';
import {
  codeInside,
  saysComeBack,
  saysNotNow,
  saysTokenIsDead,
} from '../../src/lib/oauth/rules/refusalWords.ts';
import { readTokenAnswer } from '../../src/lib/oauth/tokenEndpoint/tokenResponse.ts';
import { readControlRecord } from '../../src/lib/refresh/rules/controlRecordText.ts';
import { readRefreshMessage } from '../../src/lib/refresh/rules/refreshMessage.ts';
import { readStoredToken } from '../../src/lib/refresh/rules/storedToken.ts';
import { readTags } from '../../src/lib/scan/rules/tags.ts';
import { readThreshold } from '../../src/lib/scan/rules/threshold.ts';
import { readVaultEvent } from '../../src/lib/scan/rules/vaultEvent.ts';
import { createRedactor } from '../../src/lib/telemetry/redact.ts';
import { cutToBytes } from '../../src/lib/telemetry/textLimits.ts';
import { NOW_EPOCH_MS, VAULT_URL } from '../fakes/metadata.ts';
import { strictProfile } from '../fakes/profiles.ts';
import { fakeEnvelope } from '../fakes/refresh/fakeTokenSeal.ts';
import { expectLinear } from './expectLinear.ts';

/** Every reader of text that somebody outside may write, and what comes before that text. */
const READERS: readonly {
  readonly name: string;
  readonly read: (text: string) => unknown;
  readonly before?: readonly string[];
}[] = [
  { name: 'printable', read: (text) => printable(text) },
  {
    name: 'printableAddress',
    read: (text) => printableAddress(text),
    before: ['', 'https://', 'https://h/'],
  },
  { name: 'readVaultUrl', read: (text) => readVaultUrl(text), before: ['', 'https://'] },
  {
    name: 'readVaultEvent',
    read: (text) => readVaultEvent({ topic: text, data: { Id: text } }),
    before: ['', 'https://', `${VAULT_URL}/secrets/`],
  },
  {
    name: 'the topic of an event',
    read: (text) => readVaultEvent({ topic: text, data: { Id: `${VAULT_URL}/secrets/x` } }),
    before: ['/subscriptions/'],
  },
  ...[...Object.values(TAGS), ...Object.values(GRANT_TAGS)].map((tag) => ({
    name: `tag ${tag}`,
    read: (text: string) => readTags({ [tag]: text }, NOW_EPOCH_MS),
    before: ['', '1', 'https://'],
  })),
  {
    name: 'the name of a tag',
    read: (text) => readTags({ [text]: 'x' }, NOW_EPOCH_MS),
    before: ['keywatch-'],
  },
  { name: 'seqOf', read: (text) => seqOf({ 'keywatch-seq': text }), before: ['1'] },
  { name: 'readInstant', read: readInstant, before: ['', '2026-11-29'] },
  { name: 'readThreshold', read: readThreshold, before: ['', '1', '1%'] },
  { name: 'readTargets', read: readTargets, before: ['', 'a.', 'https://'] },
  { name: 'readStoredToken', read: readStoredToken },
  { name: "a client's secret", read: isWrittenWrongly },
  { name: 'readRefreshMessage', read: (text) => readRefreshMessage({ grantId: text, trigger: 'due' }) },
  {
    name: 'readControlRecord',
    read: (text) => readControlRecord(text, 'crm', (given) => given.slice(0, 8)),
    before: ['', '{"', fakeEnvelope('crm', 1, 'x').slice(0, -30)],
  },
  { name: 'saysTokenIsDead', read: saysTokenIsDead, before: ['', 'refresh token '] },
  { name: 'saysNotNow', read: saysNotNow, before: ['', 'too many '] },
  { name: 'codeInside', read: codeInside, before: ['', 'invalid_grant', 'error.'] },
  { name: 'saysComeBack', read: saysComeBack },
  {
    name: 'the body of an answer',
    read: (text) =>
      readTokenAnswer(
        {
          httpStatus: 200,
          contentType: 'application/json',
          date: undefined,
          retryAfter: undefined,
          body: Buffer.from(text),
          cutOff: undefined,
        },
        strictProfile(),
        'the-token-that-was-sent',
      ),
    before: ['', '{"refresh_token":"', '{"a":', 'refresh_token='],
  },
  {
    name: 'the headers of an answer',
    read: (text) =>
      readTokenAnswer(
        {
          httpStatus: 503,
          contentType: text,
          date: text,
          retryAfter: text,
          body: Buffer.from(''),
          cutOff: undefined,
        },
        strictProfile(),
        'the-token-that-was-sent',
      ),
    before: ['', '1'],
  },
  {
    name: 'the redactor',
    read: (text) => createRedactor().redact(text),
    before: ['', 'token=', 'https://', '"token": "'],
  },
  { name: 'cutToBytes', read: (text) => cutToBytes(text, 8_192) },
  {
    name: 'literalSecretIssues',
    read: (text) => literalSecretIssues(text, 'x'),
    before: ['', 'eyJ', '?sig='],
  },
  { name: 'readConfigFile', read: (text) => readConfigFile(text, 'x.json'), before: ['', '{"grants":'] },
  ...Object.entries({
    readCount: readCount(0, 9),
    readGuid,
    readKeyId,
    readOrigin,
    readSchedule,
    readText,
    readList: readList(readText),
  }).map(([name, read]) => ({ name, read: (text: string) => read(text), before: ['', '1', 'https://'] })),
];

/** What is repeated: every sort of character that some expression above knows. */
const UNITS = [
  ...[
    'a',
    'A',
    '1',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '@',
    '/',
    '//',
    '?',
    '#',
    '%',
    '&',
    '=',
    ':',
    ';',
    ',',
    '.',
    '-',
    '_',
  ],
  ...['"', "'", '\\', '\\"', '{', '[', '<', '+', '~', 'a@', 'a.', 'a ', '" ', 'é', '😀', '\u202e', '\ud800'],
  ...[
    'eyJ',
    'token',
    'token:',
    'token="',
    'code ',
    'Bearer ',
    '-----BEGIN A-----',
    'https://',
    'refresh token invalid ',
  ],
];

describe('text from outside', () => {
  for (const { name, read, before = [''] } of READERS) {
    it(`is read by ${name} in a time that grows with its length, whatever it holds`, {
      timeout: 600_000,
    }, () => {
      for (const prefix of before) for (const unit of UNITS) expectLinear(read, prefix, unit);
    });
  }
});
