import { describe, expect, it } from 'vitest';
import { FINDINGS, type FindingCode } from '../../../src/lib/credentials/findings.ts';
import { GRANT_OUTCOMES } from '../../../src/lib/credentials/grantOutcomes.ts';
import { CREDENTIAL_KINDS } from '../../../src/lib/credentials/kinds.ts';
import { RUN_MODES } from '../../../src/lib/credentials/runModes.ts';
import { CREDENTIAL_SOURCES } from '../../../src/lib/credentials/sources.ts';
import { CREDENTIAL_STATUSES, SUPPRESSIONS } from '../../../src/lib/credentials/statuses.ts';
import { REFRESH_TRIGGERS } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import { type AttributeDefinition, catalog } from '../../../src/lib/telemetry/catalog.ts';
import { sourceFiles, textOf } from '../../sourceFiles.ts';

/** The code that decides and sends: neither the tables and the catalog themselves, nor the stand-ins. */
const SENDERS = sourceFiles('src')
  .filter(
    (file) =>
      !/^src\/(local\/|lib\/credentials\/)|refreshTriggers|telemetry\/(events|metrics|attributes|records|grantObserved|credentialProved)\.ts/.test(
        file,
      ),
  )
  // Comments send nothing.
  .map((file) => textOf(file).replace(/^\s*(\/\/|\/?\*).*$/gm, ''));

const isWritten = (pattern: RegExp): boolean => SENDERS.some((text) => pattern.test(text));
const isSentAs = (word: string): boolean =>
  isWritten(new RegExp(`['"\`]${word.replaceAll('.', '\\.')}['"\`]`));
/** As a member of an object, with a value or by the name of the variable that holds it. */
const isMember = (name: string): boolean => isWritten(new RegExp(`(?<![\\w.?])'?${name}'?(: |,|,? \\})`));

const attributesOf = (entries: Readonly<Record<string, { readonly attributes: object }>>) =>
  Object.values(entries).flatMap(({ attributes }) =>
    Object.entries(attributes as Readonly<Record<string, AttributeDefinition>>),
  );
const all = attributesOf({ ...catalog.events, ...catalog.metrics });

const unsent = (words: readonly string[]): string[] => words.filter((word) => !isSentAs(word));

describe('what the catalog and the tables promise', () => {
  it('has every event and metric sent by the product', () => {
    const names = [...Object.keys(catalog.events), ...Object.keys(catalog.metrics)];
    expect(names.length).toBeGreaterThan(5);
    expect(unsent(names)).toEqual([]);
  });

  it('has every attribute set by the product', () => {
    const byStatus = new Set(Object.keys(CREDENTIAL_STATUSES));
    const names = [...new Set(all.map(([name]) => name))].filter((name) => !byStatus.has(name));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !isMember(name))).toEqual([]);
  });

  it('has every value of every attribute and table written by the product', () => {
    // Findings with a check and the jobs come out of the tables themselves.
    const found = Object.entries(FINDINGS).filter(([, row]) => !('check' in row));
    const values = new Set([
      ...all.flatMap(([name, { values = [] }]) => (['finding', 'job'].includes(name) ? [] : values)),
      ...found.map(([code]) => code),
      ...[
        CREDENTIAL_SOURCES,
        CREDENTIAL_STATUSES,
        SUPPRESSIONS,
        CREDENTIAL_KINDS,
        RUN_MODES,
        GRANT_OUTCOMES,
        REFRESH_TRIGGERS,
      ].flatMap(Object.keys),
    ]);
    expect(values.size).toBeGreaterThan(40);
    expect(unsent([...values])).toEqual([]);
  });

  it('would name what nothing sends', () => {
    const never = ['consent_forgotten', 'keywatch.refresh.lag', 'new_version'];
    expect(unsent(never)).toEqual(never);
    expect(['dueAt', 'rotatedBy'].filter(isMember)).toEqual([]);
    expect(Object.keys(FINDINGS).includes('consent_forgotten' satisfies Exclude<string, FindingCode>)).toBe(
      false,
    );
  });
});
