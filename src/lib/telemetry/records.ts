import { owner, runbook, vault } from './attributes.ts';
import { oneOfWords, optional, text } from './attributeTypes.ts';
import type { AttributeDefinition } from './catalog.ts';

interface RecordDefinition {
  readonly meaning: string;
  /** What arrives in `Properties`. */
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
  /** Columns of the table that matter here. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A failure (`AppExceptions`). */
export const failureRecord = {
  meaning: 'Something failed that a person or an alert should know of, once per failure.',
  attributes: {
    code: text('Stable, for queries: `vault_forbidden`, `invalid_grant`.'),
    permanence: oneOfWords(['permanent', 'transient'], 'Whether waiting can help.'),
    action: text('What to do about it, in one sentence.'),
    credentialId: optional(text('The credential that it concerns, where it concerns one.')),
    vault: { ...vault, optional: true },
    owner,
    runbook,
  },
  columns: {
    ExceptionType: 'The code again.',
    OuterMessage: 'What happened, and to which credential.',
    SeverityLevel: '3 (error) where permanent, 2 (warning) where transient.',
    Details: 'The stack, with the causes one below the other.',
  },
} as const satisfies RecordDefinition;

/** An outgoing call (`AppDependencies`). */
export const callRecord = {
  meaning: 'A call to a token endpoint, or one that proves a credential. Key Vault calls are not recorded.',
  attributes: { 'keywatch.credential_id': text('The credential that was used.') },
  columns: {
    ResultCode: 'HTTP status as text, so that a 401 is "401"; "0" where no answer came.',
    Success: 'False from 400 on, and where no answer came.',
    Target: 'Host that was called.',
    Data: 'Address without user, query and fragment.',
    Name: 'Method and path.',
    DurationMs: 'From the call to its answer.',
    DependencyType: 'Always `Http`.',
  },
} as const satisfies RecordDefinition;
