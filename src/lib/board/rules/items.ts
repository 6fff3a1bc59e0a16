import type { Finding } from '../../credentials/findings.ts';
import { CREDENTIAL_KINDS } from '../../credentials/kinds.ts';
import type { Severity } from '../../credentials/severities.ts';
import type { CredentialStatus } from '../../credentials/statuses.ts';
import type { CredentialRecord } from './records.ts';
import type { Subject } from './subjects.ts';
import { SUPPRESSED_RANK } from './urgency.ts';
import type { Usage } from './uses.ts';

/** Everything that has a row and a page of its own. */
export const ITEM_KINDS = {
  ...CREDENTIAL_KINDS,
  grant: { meaning: 'an OAuth grant, that Keywatch keeps alive' },
  client: { meaning: 'a client, whose credential is proven' },
  rotation: { meaning: 'a rotation of the secret of an application' },
} as const;

export type ItemKind = keyof typeof ITEM_KINDS;

/** One row: what it is, where it stands, what to do and who does it. Texts come from outside. */
export interface Item {
  readonly id: string;
  readonly kind: ItemKind;
  readonly name: string;
  /** The vault, directory or provider. */
  readonly where: string;
  readonly severity: Severity;
  readonly mark: string;
  /** Where it stands, in words, with what that means. */
  readonly words: string;
  readonly meaning: string;
  /** Somebody is refused now. */
  readonly isBroken: boolean;
  /** Somebody has to act. */
  readonly needsAction: boolean;
  /** Lower is worse, by the order of statuses. */
  readonly rank: number;
  /** Of a credential, now. */
  readonly status?: CredentialStatus | undefined;
  readonly endsEpochMs?: number | undefined;
  readonly owner?: string | undefined;
  readonly whoActs?: string | undefined;
  readonly action?: string | undefined;
  readonly runbook?: string | undefined;
  /** The alert rule whose runbook helps. */
  readonly rule?: string | undefined;
  readonly reconnectUrl?: string | undefined;
  readonly findings: readonly Finding[];
  /** Of a credential, where logs may be asked. */
  readonly usage?: Usage | undefined;
  readonly credential?: CredentialRecord | undefined;
  readonly subject?: Subject | undefined;
  /** When that was seen; absent: with the scan of its target. */
  readonly seenEpochMs?: number | undefined;
}

/** Whether its end concerns anybody: there is one, and nothing suppresses it. */
export const hasEnd = ({ endsEpochMs, rank, status }: Item): boolean =>
  endsEpochMs !== undefined && rank < SUPPRESSED_RANK && status !== 'disabled';
