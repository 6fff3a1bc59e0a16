using 'main.bicep'

// The values of "azd up": azd sets AZURE_ENV_NAME and AZURE_LOCATION; set the others with "azd env set NAME VALUE".
// For a deployment without azd, copy one of samples/ instead.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')

param location = readEnvironmentVariable('AZURE_LOCATION')

// No default: an alert that nobody receives is refused.
param emailReceivers = [
  {
    name: 'on-call'
    emailAddress: readEnvironmentVariable('KEYWATCH_ALERT_EMAIL')
  }
]

// The hook after the first "azd deploy" sets it: Event Grid wants the function to be there.
param subscribeToVaultEvents = readEnvironmentVariable('KEYWATCH_SUBSCRIBE_TO_VAULT_EVENTS', 'false') == 'true'
