import type { NeededRights } from '../../lib/app/neededRights.ts';
import type { AzureFailure } from '../../lib/azure/azureErrorReason.ts';
import { CREDENTIAL_SOURCES } from '../../lib/credentials/sources.ts';
import type { VaultAccess } from '../../lib/scan/checkVault.ts';
import type { VaultObjectKind } from '../../lib/scan/rules/credential.ts';
import type { TargetAccess } from '../../lib/scan/scanner.ts';
import type { Paint } from './style.ts';

const KINDS: readonly VaultObjectKind[] = ['secret', 'key', 'certificate'];

/** What the identity may and may not do at one vault, with what to do about it. */
export const accessReport = (
  vault: string,
  { vaultUrl, listing, values }: VaultAccess,
  paint: Paint,
): string[] => {
  const failures = [...new Map(KINDS.flatMap((kind) => failureEntry(listing[kind])))].map(
    ([, failure]) => failure,
  );
  return [
    paint(`${vault} (${vaultUrl})`, 'bold'),
    ...KINDS.map((kind) =>
      listing[kind] === undefined
        ? `  ${paint('✓', 'green')} may list ${kind}s`
        : `  ${paint('✗', 'red')} may not list ${kind}s (${listing[kind].reason})`,
    ),
    valuesLine(values, paint),
    ...failures.flatMap(({ message, action }) => [`    ${message}`, `    ${action}`]),
  ];
};

/** What the identity may and may not do at a target of a source that is no vault, with what to do about it. */
export const listingReport = ({ source, vault, failure, further }: TargetAccess, paint: Paint): string[] => {
  const heading = paint(`${CREDENTIAL_SOURCES[source].target.one} ${vault}`, 'bold');
  if (failure === undefined) {
    const rows = further.flatMap((one) => furtherLines(one, paint));
    return [heading, `  ${paint('✓', 'green')} may list its credentials`, ...rows];
  }
  return [
    heading,
    `  ${paint('✗', 'red')} may not list its credentials (${failure.reason})`,
    `    ${failure.message}`,
    `    ${failure.action}`,
  ];
};

/** What each identity may and may not read beside what is scanned, with what to do about it. */
export const rightsReport = (rights: readonly NeededRights[], paint: Paint): string[] =>
  rights.flatMap(({ identity, readings }) => [
    '',
    paint(`what the ${identity} reads besides`, 'bold'),
    ...readings.flatMap((reading) => furtherLines(reading, paint)),
  ]);

/** What the rest of the work does without where it may not be read. */
const furtherLines = ({ what, failure }: TargetAccess['further'][number], paint: Paint): string[] =>
  failure === undefined
    ? [`  ${paint('✓', 'green')} may read ${what}`]
    : [
        `  ${paint('▲', 'yellow')} may not read ${what} (${failure.reason})`,
        `    ${failure.message}`,
        `    ${failure.action}`,
      ];

/** The three listings mostly fail for one reason: it is said once. */
const failureEntry = (failure: AzureFailure | undefined): [string, AzureFailure][] =>
  failure === undefined ? [] : [[failure.action, failure]];

const valuesLine = (values: VaultAccess['values'], paint: Paint): string => {
  switch (values) {
    case 'denied':
      return `  ${paint('✓', 'green')} may not read secret values, as it should be for a scan`;
    case 'allowed':
      return `  ${paint('▲', 'yellow')} may read secret values: more than a scan needs; the role Key Vault Reader is enough`;
    case 'unknown':
      return `  ${paint('…', 'grey')} whether it may read secret values is not known`;
  }
};
