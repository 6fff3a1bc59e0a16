import type { Assessment } from '../domain/credential.ts';
import { isoSeconds } from '../domain/instant.ts';
import type { VaultScan } from '../usecases/scanVault.ts';
import { worstFirst } from './credentialTable.ts';

const isoOrNull = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : isoSeconds(epochMs);

/** The scan as one JSON document: instants in ISO 8601, what is absent as null. */
export const scanJson = (assessments: readonly Assessment[], scans: readonly VaultScan[]): string =>
  JSON.stringify(
    {
      credentials: [...assessments].sort(worstFirst).map((one) => ({
        credentialId: one.credentialId,
        vault: one.vault,
        kind: one.kind,
        name: one.name,
        status: one.status,
        expiresOn: isoOrNull(one.expiresOnEpochMs),
        notBefore: isoOrNull(one.notBeforeEpochMs),
        warnAt: isoOrNull(one.warnAtEpochMs),
        pageAt: isoOrNull(one.pageAtEpochMs),
        owner: one.owner ?? null,
        runbook: one.runbook ?? null,
        suppressed: one.suppressed ?? null,
        snoozedUntil: isoOrNull(one.snoozedUntilEpochMs),
        findings: one.findings,
      })),
      vaults: scans.map(({ vault, vaultUrl, outcome, failure, counts, pages, durationMs }) => ({
        vault,
        vaultUrl,
        outcome,
        failure:
          failure === undefined
            ? null
            : { reason: failure.reason, message: failure.message, action: failure.action },
        ...counts,
        pages,
        durationMs: Math.round(durationMs),
      })),
    },
    null,
    2,
  );

const CSV_HEADINGS = 'credentialId,vault,kind,name,status,expiresOn,owner,suppressed,findings';

/** The credentials as CSV (RFC 4180), worst first. */
export const scanCsv = (assessments: readonly Assessment[]): string =>
  [
    CSV_HEADINGS,
    ...[...assessments]
      .sort(worstFirst)
      .map((one) =>
        [
          one.credentialId,
          one.vault,
          one.kind,
          one.name,
          one.status,
          isoOrNull(one.expiresOnEpochMs) ?? '',
          one.owner ?? '',
          one.suppressed ?? '',
          one.findings.map(({ code }) => code).join(' '),
        ]
          .map(csvField)
          .join(','),
      ),
  ].join('\r\n');

/** Quotes what needs it, and disarms what a spreadsheet would run as a formula: tags are set by others. */
const csvField = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
