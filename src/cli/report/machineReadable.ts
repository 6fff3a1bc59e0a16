import { codesOf } from '../../lib/credentials/codesOf.ts';
import { CREDENTIAL_SOURCES } from '../../lib/credentials/sources.ts';
import { isInstant, isoSeconds } from '../../lib/kernel/instant.ts';
import { hiddenAnd, printable } from '../../lib/kernel/printable.ts';
import { MAXIMUM_TARGETS } from '../../lib/kernel/targets.ts';
import type { Assessment } from '../../lib/scan/rules/credential.ts';
import { describeRenewal } from '../../lib/scan/rules/renewal.ts';
import { originsOf } from '../../lib/scan/rules/resolve.ts';
import { worstFirst } from '../../lib/scan/rules/worstFirst.ts';
import type { TargetScan } from '../../lib/scan/scanTarget.ts';
import { type Scanned, targetHeading, targetWords } from './targetWords.ts';

const isoOrNull = (epochMs: number | undefined): string | null =>
  epochMs === undefined || !isInstant(epochMs) ? null : isoSeconds(epochMs);

/**
 * The lines of the scan as one JSON document: instants in ISO 8601, what is absent as null. Characters that a
 * terminal obeys or hides are written as escapes, which say the same to whoever parses it. One entry after the
 * other: of half a million the whole would be longer than a string may be.
 */
export function* scanJson(
  assessments: readonly Assessment[],
  scans: readonly TargetScan[],
): Generator<string, void> {
  yield '{';
  const entryOf = credentialEntry(targetWords(scans));
  yield* jsonMember('credentials', [...assessments].sort(worstFirst), entryOf, ',');
  yield* jsonMember('scans', scans, scanEntry, '');
  yield '}';
}

function* jsonMember<T>(
  name: string,
  items: readonly T[],
  entryOf: (item: T) => object,
  end: string,
): Generator<string, void> {
  if (items.length === 0) return yield `  "${name}": []${end}`;
  yield `  "${name}": [`;
  for (const [index, item] of items.entries()) {
    const entry = jsonText(entryOf(item)).replaceAll('\n', '\n    ');
    yield `    ${entry}${index < items.length - 1 ? ',' : ''}`;
  }
  yield `  ]${end}`;
}

const credentialEntry = (wordOf: (target: string) => string) => (one: Assessment) => ({
  credentialId: one.credentialId,
  [wordOf(one.vault)]: one.vault,
  kind: one.kind,
  name: one.name,
  status: one.status,
  expiresOn: isoOrNull(one.expiresOnEpochMs),
  notBefore: isoOrNull(one.notBeforeEpochMs),
  warningAt: isoOrNull(one.warningAtEpochMs),
  criticalAt: isoOrNull(one.criticalAtEpochMs),
  owner: one.owner ?? null,
  runbook: one.runbook ?? null,
  targets: one.targets ?? [],
  suppressed: one.suppressed ?? null,
  snoozedUntil: isoOrNull(one.snoozedUntilEpochMs),
  renewal: one.renewal === undefined ? null : describeRenewal(one.renewal),
  findings: one.findings,
  origins: one.judgement === undefined ? {} : originsOf(one.judgement),
});

const scanEntry = ({ source, vault, target, outcome, failure, counts, pages, durationMs }: TargetScan) => ({
  source,
  [CREDENTIAL_SOURCES[source].target.one]: vault,
  target,
  outcome,
  failure:
    failure === undefined
      ? null
      : { reason: failure.reason, message: failure.message, action: failure.action },
  ...counts,
  pages,
  durationMs: Math.round(durationMs),
});

/** Lower ones JSON escapes itself, and between its members a line break is one. */
const UNSAFE = hiddenAnd(String.raw`\x7f-\x9f`);

/** JSON for people and machines: what a terminal obeys or hides is written as an escape. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNSAFE, (character) =>
    // Without the flag u: JSON escapes each half of a surrogate pair for itself.
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** The credentials as the lines of a CSV file (RFC 4180: each ends with a carriage return too), worst first. */
export function* scanCsv(
  assessments: readonly Assessment[],
  scans: readonly Scanned[],
): Generator<string, void> {
  yield `credentialId,${targetHeading(scans)},kind,name,status,expiresOn,owner,suppressed,findings,notBefore,warningAt,criticalAt,targets\r`;
  for (const one of [...assessments].sort(worstFirst)) {
    const fields = [
      one.credentialId,
      one.vault,
      one.kind,
      one.name,
      one.status,
      isoOrNull(one.expiresOnEpochMs),
      one.owner,
      one.suppressed,
      codesOf(one).join(' '),
      isoOrNull(one.notBeforeEpochMs),
      isoOrNull(one.warningAtEpochMs),
      isoOrNull(one.criticalAtEpochMs),
      one.targets?.join(' '),
    ];
    yield `${fields.map((field) => csvField(field ?? '')).join(',')}\r`;
  }
}

/** As many hosts as a credential is used at, of the longest name that DNS takes, and a blank after each. */
const LONGEST_FIELD = MAXIMUM_TARGETS * 254;

/**
 * Quotes what needs it, and disarms what a spreadsheet would run as a formula (also in full-width letters, and behind
 * the semicolon at which some of them part fields, whatever the quotes): tags are set by others.
 */
const csvField = (given: string): string => {
  const text = printable(given, LONGEST_FIELD);
  const safe = text.replace(/(^|;)(?=[\s"]*[=+\-@＝＋－＠])/g, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
