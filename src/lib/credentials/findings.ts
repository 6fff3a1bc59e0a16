import { isoDate } from '../kernel/instant.ts';
import { keysOf } from '../kernel/keysOf.ts';
import { isLongPast } from './endedLongAgo.ts';
import { TAGS } from './tagNames.ts';

/** What a check of {@link FINDINGS} may go by. Times are epoch milliseconds; absent means that there is none. */
export interface CredentialFacts {
  readonly nowEpochMs: number;
  readonly createdEpochMs: number | undefined;
  readonly notBeforeEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
  /** From when on its end is no emergency any more. */
  readonly alertUntilEpochMs: number | undefined;
  readonly owner: string | undefined;
  /** True where its own place was not asked who owns it: then nobody can say that nobody does. */
  readonly isOwnerUnread: boolean;
  /** True of what lives as long as it is used, and is. */
  readonly mayLackEnd: boolean;
  /** What the config says of a missing end; absent: nothing. */
  readonly mustExpire: boolean | undefined;
  /** True of the secret of a grant that died, which is a finding by itself. */
  readonly isOfDeadGrant: boolean;
}

export interface FindingRow {
  readonly title: string;
  readonly meaning: string;
  /** What its owner does about it. */
  readonly fix: string;
  /** One sentence for people where the facts show the fault; absent: whoever knows more finds it. */
  readonly check?: (facts: CredentialFacts) => string | undefined;
}

/**
 * Every hygiene fault of a credential: nothing is broken yet. In the order in which they are shown. Telemetry, types
 * and docs/findings.md derive from it, so a new one is a row here and its test.
 */
export const FINDINGS = {
  dead_grant: {
    title: 'Dead grant',
    meaning: 'The secret of a grant whose refresh token the authorization server refuses for good.',
    fix: 'Consent again (`npm run connect -- --grant ID`), as the runbook of the rule `grant-dead` says.',
  },
  ended_long_ago: {
    title: 'Ended long ago',
    meaning:
      'It ended more than two weeks ago (`endedLongAgoDays`) and is still enabled. What broke nothing in all that time is not in use.',
    fix: 'Disable it (`az keyvault secret set-attributes --vault-name VAULT --name NAME --enabled false`), wait for a complaint, delete it. Of an application: `az ad app credential delete --id APP --key-id KEY`, with `--cert` for a certificate.',
    check: ({ expiresOnEpochMs, alertUntilEpochMs, isOfDeadGrant, nowEpochMs }) =>
      !isOfDeadGrant && expiresOnEpochMs !== undefined && isLongPast(alertUntilEpochMs, nowEpochMs)
        ? `It ended on ${isoDate(expiresOnEpochMs)} and is still enabled: disable or delete it.`
        : undefined,
  },
  malformed_tag: {
    title: 'Malformed tag',
    meaning:
      'A `keywatch-` tag that Keywatch does not know or cannot read, or two that contradict each other. It asks for nothing; what holds without it applies.',
    fix: 'Correct the tag: the finding names it and what is allowed.',
  },
  no_expiry: {
    title: 'No expiry',
    meaning:
      'It has no expiry date, so nobody is told before it stops working. Where `mustExpire` of the config is `true` it is the status `end_missing` and an alert instead, where that is `false` it is fine.',
    fix: `Give it one (\`az keyvault secret set-attributes --vault-name VAULT --name NAME --expires 2027-06-30T00:00:00Z\`; for a key \`az keyvault key set-attributes …\`, better a rotation policy), or \`--tags ${TAGS.owner}=TEAM ${TAGS.ignore}=true\` (setting tags replaces all of them: repeat the others). Azure Policy "Key Vault secrets should have an expiration date" keeps new ones out.`,
    // A grant of unknown life is used regularly: its refresh shows when it stops working.
    check: ({ expiresOnEpochMs, mayLackEnd, mustExpire }) =>
      expiresOnEpochMs === undefined && !mayLackEnd && mustExpire === undefined
        ? 'It has no expiry date, so nobody is told before it stops working.'
        : undefined,
  },
  never_valid: {
    title: 'Never valid',
    meaning: 'It starts at or after its own end.',
    fix: 'Make a new version that starts before it ends.',
    check: ({ notBeforeEpochMs: start, expiresOnEpochMs: end }) =>
      start !== undefined && end !== undefined && start >= end
        ? `It starts on ${isoDate(start)}, not before its end on ${isoDate(end)}: it is never valid.`
        : undefined,
  },
  unowned: {
    title: 'Unowned',
    meaning: 'Nobody is named as its owner, neither by a tag nor by the config.',
    fix: `Set the tag \`${TAGS.owner}\`; of an application, name an owner in Entra ID (\`az ad app owner add --id APP --owner-object-id PERSON\`) or in a rule.`,
    check: ({ owner, isOwnerUnread }) =>
      owner === undefined && !isOwnerUnread
        ? `Nobody is named as its owner; set the tag ${TAGS.owner}.`
        : undefined,
  },
  idle_rule: {
    title: 'Idle rule',
    meaning:
      'A rule of the config that matches no credential of any vault that it is for, or whose `snoozeUntil` or `ignoreUntil` has passed or is too far ahead. Once a day, under the owner `Keywatch itself`.',
    fix: 'Correct what it matches or its end, or take it out of `keywatch.config.json`.',
  },
  too_many_versions: {
    title: 'Too many versions',
    meaning:
      'It has, or its refreshes will make, more versions than Key Vault can back up; it never forgets one.',
    fix: 'Write it less often, or let a new secret take over once a year.',
  },
  renewal_late: {
    title: 'Renewal late',
    meaning:
      'Its policy, its tag or a rule says that it renews itself, and two days after that was due (half of what was left, where that is less) nothing has taken its place. Its thresholds apply again.',
    fix: `Look why: \`az keyvault certificate pending show --vault-name VAULT --name NAME\` has the error of the CA, the portal the rotation policy of a key. Renew it by hand, or correct the tag \`${TAGS.renews}\`.`,
  },
  unused: {
    title: 'Unused',
    meaning:
      'Nobody but Keywatch read it or used its key for 90 days, by the audit log of its vault. Once a day, where that is in a workspace that Keywatch may ask (docs/board.md, "Used by"); a log with a gap proves nothing. Never of a credential of an application: with which one it signs people in, no log says.',
    fix: 'Ask its owner, disable it, wait for a complaint, delete it.',
  },
  newest_version_disabled: {
    title: 'Newest version disabled',
    meaning:
      'Its newest version is disabled and an older one is enabled, has not ended long ago, and is watched instead. Whoever names no version is refused with 403; whoever names the older one does not notice.',
    fix: 'Enable the newest version if it was meant to be used; else disable the older ones too, or write a version that works.',
  },
  gap_before_newest: {
    title: 'Gap before the newest version',
    meaning:
      'Its version in force ends before the next one begins, and is watched instead: whoever keeps to these dates has none in between.',
    fix: 'Let the next version begin earlier (`az keyvault secret set-attributes --not-before …`), or the other end later (`--expires`), where what they hold allows it.',
  },
  versions_unread: {
    title: 'Versions not looked at',
    meaning:
      'It is disabled, or has not begun, and so are more objects of its vault than a scan looks at the versions of. Whether an older version is in use, and when that ends, is not known.',
    fix: `Delete what nobody uses (it can be recovered for a while), or tag it \`${TAGS.ignore}=true\`: what is ignored is not looked at.`,
  },
  superseded_version_enabled: {
    title: 'Superseded version enabled',
    meaning: 'More than one older version is still enabled. Found where Event Grid speaks of the object.',
    fix: 'Disable the versions that no consumer uses.',
  },
  stale_rotation: {
    title: 'Stale rotation',
    meaning:
      'The stored copy of a grant that another system refreshes (`"mode": "observed"`) is older than its cycle allows, or is not there, or disabled.',
    fix: 'Ask the owner of that system: it no longer refreshes the grant, or no longer writes its copy. Where the copy has another name, correct `secretName`.',
  },
  lifetime_over_policy: {
    title: 'Lifetime over policy',
    meaning:
      "It lives longer than the tenant's policy for applications allows (`maxLifetime` of the application's own policy, else of the tenant's default).",
    fix: 'Make one that ends in time, let it take over, remove this one; or let the application use a federated credential.',
  },
  saml_successor_not_active: {
    title: 'SAML successor not active',
    meaning:
      'The active signing certificate of an enterprise application is about to end, and a newer one is there and not active. Entra ID takes the newer one by itself once the active one has ended, and the other side does not know it then.',
    fix: 'Give the new certificate to the other side, then make it active: Entra admin center → Enterprise applications → the application → Single sign-on → SAML certificates.',
  },
  end_dates_differ: {
    title: 'End dates differ',
    meaning:
      'A secret in Key Vault holds the secret of an application (tags `keywatch-app` and `keywatch-key-id`, or `directory.applications`), and the two end at different times, or the application has no such secret any more.',
    fix: 'Write the end that the application has onto the vault secret: `az keyvault secret set-attributes --vault-name VAULT --name NAME --expires END`. Where the application no longer has it, store the one that it has.',
  },
  secret_beside_federation: {
    title: 'Secret beside a federated credential',
    meaning: 'An application has a secret that is about to end, and federated credentials, which need none.',
    fix: 'Look whether anything still signs in with the secret (`AADServicePrincipalSignInLogs`, `ServicePrincipalCredentialKeyId`). If nothing does, remove it instead of renewing it.',
  },
  vault_copy_late: {
    title: 'Copy in the vault late',
    meaning:
      'The refresh token of a grant is kept sealed beside Key Vault, and its daily copy in the vault is older than two days. Once a day. The grant itself works.',
    fix: 'Read its detail: it says what the vault refuses. Whoever reads the token from the vault may find one that is spent.',
  },
  provider_answer: {
    title: 'Answer of the provider',
    meaning:
      'The token of a grant was stored, but its token endpoint did not answer as it should (a lifetime that is no number, a token in another place, fewer scopes than the grant names). Once a day while refreshes bring it.',
    fix: "Read its detail: it says what to set in the provider's settings, or to ask the provider for.",
  },
  shared_consent: {
    title: 'Shared consent',
    meaning:
      'Two grants are of one account and one client at one provider. Some keep few refresh tokens for the two (Salesforce 5, Zoho 20, Google 100), and let the oldest die without a word; others end the former consent with a new one. Once a day, where the account is known.',
    fix: 'Give each grant a client or an account of its own, or let its consumers share one grant.',
  },
  proof_proves_nothing: {
    title: 'Proof that proves nothing',
    meaning:
      'The call that should prove a credential is answered the same without it: it cannot fail, so its success says nothing.',
    fix: 'Name an address in `call` of the client that refuses whoever comes without a credential.',
  },
  role_missing: {
    title: 'Role or scope missing',
    meaning:
      'The access token of a client lacks a role or scope that the config expects of it (`expects`). It proves who it is and may not do what it is there for.',
    fix: 'Grant it the role at the resource, with the consent of an administrator, or correct `expects` of the client.',
  },
  excess_scope: {
    title: 'More than it needs',
    meaning:
      'The access token of a client grants roles or scopes that the config does not expect of it: whoever gets hold of it may do that, too.',
    fix: 'Take the role or scope from the application, or add it to `expects` of the client where it is needed.',
  },
  scope_not_declared: {
    title: 'Scope not declared',
    meaning:
      'The config does not say which roles or scopes a client needs, so nobody can see whether it was granted too much.',
    fix: 'Write those that it needs into `expects` of the client.',
  },
  long_lived_access_token: {
    title: 'Long-lived access token',
    meaning:
      'The access tokens of a client live longer than `maxTokenMinutes` (a day when absent). They are meant to be short-lived: one that leaks is good until its end.',
    fix: "Shorten the lifetime in the authorization server's policy, or set `maxTokenMinutes` where it is meant to be.",
  },
  sensitive_claim: {
    title: 'Sensitive claim',
    meaning:
      'The access token of a client has a claim whose name sounds like a secret or personal data. A JWT is signed and not encrypted: everybody who holds it reads it. Only names are reported.',
    fix: 'Take the claim out of the tokens of that application.',
  },
  unsafe_token: {
    title: 'Unsafe token',
    meaning:
      'The access token of a client is a JWT that nobody should accept: not signed (`alg` is `none`), with a claim that is there twice, or longer than 64 KiB. Its claims are not believed.',
    fix: 'Correct the authorization server; a resource that accepts such a token accepts what anybody writes.',
  },
} as const satisfies Readonly<Record<string, FindingRow>>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  /** One sentence for people: what was seen and what is allowed. Holds no secret value. */
  readonly detail: string;
}

export const FINDING_CODES = keysOf(FINDINGS);

/** The same findings in the order of the table; those of one code stay as they were. */
export const inTableOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.length < 2
    ? findings
    : findings.toSorted((one, other) => FINDING_CODES.indexOf(one.code) - FINDING_CODES.indexOf(other.code));
