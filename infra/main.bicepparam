using 'main.bicep'

// The values of "azd up": azd sets AZURE_ENV_NAME and AZURE_LOCATION; set the others with "azd env set NAME VALUE".
// For a deployment without azd, copy one of samples/ instead.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')

param location = readEnvironmentVariable('AZURE_LOCATION')

// No default: an alert that nobody receives is refused.
param receivers = {
  email: [
    {
      name: 'on-call'
      emailAddress: readEnvironmentVariable('KEYWATCH_ALERT_EMAIL')
    }
  ]
}

// Subscriptions all of whose vaults are watched, and single vaults by their resource ids; both separated by commas.
// Without either, only the vault that is made here is watched.
param discoverySubscriptionIds = filter(
  split(replace(readEnvironmentVariable('KEYWATCH_SUBSCRIPTIONS', ''), ' ', ''), ','),
  id => !empty(id)
)

// The slashes leave something shorter than a resource id without a name, which is refused.
param existingVaults = map(
  filter(split(replace(readEnvironmentVariable('KEYWATCH_VAULT_IDS', ''), ' ', ''), ','), id => !empty(id)),
  id => {
    subscriptionId: split('${id}/ / / / / / / / ', '/')[2]
    resourceGroup: split('${id}/ / / / / / / / ', '/')[4]
    name: split('${id}/ / / / / / / / ', '/')[8]
  }
)

// The address under a domain of yours, once it is bound to the site. Empty: that of the site.
param publicUrl = readEnvironmentVariable('KEYWATCH_PUBLIC_URL', '')

// Whether client secrets of applications are rotated: docs/deploy.md says what an administrator does for that.
param rotateClientSecrets = readEnvironmentVariable('KEYWATCH_ROTATE_CLIENT_SECRETS', 'false') == 'true'

// Whether the tenant sends its sign-in logs to the workspace.
param alerts = {
  signInLogs: readEnvironmentVariable('KEYWATCH_SIGN_IN_LOGS', 'false') == 'true'
}

// Where alerts find their runbooks: an address of yours with a slash at its end, or else the commit that is deployed.
param runbookBaseUrl = !empty(readEnvironmentVariable('KEYWATCH_RUNBOOK_BASE_URL', ''))
  ? readEnvironmentVariable('KEYWATCH_RUNBOOK_BASE_URL', '')
  : readEnvironmentVariable('KEYWATCH_RUNBOOKS_OF_COMMIT', '')

// The hook after the first "azd deploy" sets it: Event Grid wants the function to be there.
param subscribeToVaultEvents = readEnvironmentVariable('KEYWATCH_SUBSCRIBE_TO_VAULT_EVENTS', 'false') == 'true'
