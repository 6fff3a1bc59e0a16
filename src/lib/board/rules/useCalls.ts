import type { SourceName } from '../../credentials/sources.ts';

/** A log that says who used what, and the table of a workspace that holds it. */
export interface UseLog {
  readonly table: string;
  /** What brings it into a workspace. */
  readonly bringsIt: string;
  /** KQL that names its rows `Calls`. The workbook shows the same. */
  readonly calls: string;
  /** What `Log` of these rows is for a target. */
  readonly logOf: (target: string) => string;
}

/**
 * Where each source's use is logged. The rows of `Calls` have these columns: when, the log (a vault by its host, or the
 * one of the tenant), what was used, whether that counts as use, and by whom: ids, never an address or a person's name.
 */
export const USE_LOGS: Readonly<Record<SourceName, UseLog>> = {
  keyvault: {
    table: 'AZKVAuditLogs',
    bringsIt: 'a diagnostic setting of the vault, resource-specific',
    logOf: (vaultUrl) => new URL(vaultUrl).host.toLowerCase(),
    calls: `// Calls of vaults that their audit logs show: \`Object\` is VAULT/COLLECTION/NAME, with the host of the vault. A vault
// that does not log to this workspace has no row.
let Answered = 200;
let Calls = AZKVAuditLogs
| where TimeGenerated > ago(2d)
| extend Address = replace_string(tolower(coalesce(Id, RequestUri)), ":443/", "/")
| extend Claims = Identity.claim
| project
    UsedAt = TimeGenerated,
    Log = extract("^https://([^/]+)", 1, Address),
    Object = extract("^https://([^/]+/[^/?]+/[^/?]+)", 1, Address),
    // Listings, policies and changes are no use; a public key is read to encrypt. Without a status it may have
    // succeeded.
    IsUse = coalesce(HttpStatusCode, Answered) == Answered and OperationName in (
    "SecretGet", "CertificateGet", "KeyGet", "KeySign", "KeyVerify", "KeyEncrypt", "KeyDecrypt", "KeyWrap", "KeyUnwrap",
    "KeyRelease"
    ),
    AppId = tolower(tostring(Claims.appid)),
    ObjectId = tolower(coalesce(
    tostring(Claims.oid),
    tostring(Claims["http://schemas.microsoft.com/identity/claims/objectidentifier"])
    )),
    Resource = "";
`,
  },
  entra: {
    table: 'AADServicePrincipalSignInLogs',
    bringsIt: 'the diagnostic setting of the tenant, category ServicePrincipalSignInLogs',
    logOf: () => 'entra',
    calls: `// Sign-ins of applications that Entra ID logged: \`Object\` is the key id of the credential that was used.
let Calls = AADServicePrincipalSignInLogs
| where TimeGenerated > ago(2d)
| project
    UsedAt = TimeGenerated,
    Log = "entra",
    Object = tolower(ServicePrincipalCredentialKeyId),
    IsUse = ResultType == "0" and isnotempty(ServicePrincipalCredentialKeyId),
    AppId = tolower(AppId),
    ObjectId = tolower(ServicePrincipalId),
    Resource = ResourceDisplayName;
`,
  },
};

/** So far back the logs are asked: what nobody used for {@link UNUSED_AFTER_DAYS}, and the day that has begun. */
export const ASKED_DAYS = 92;

/** From so many days without any use on it is a finding. */
export const UNUSED_AFTER_DAYS = 90;
