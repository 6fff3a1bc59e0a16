import type { CredentialRecord, TargetState } from './records.ts';

/** The portal of the cloud that a vault is in, by the end of its host. */
const PORTALS = [
  { suffix: '.vault.azure.net', portal: 'https://portal.azure.com' },
  { suffix: '.vault.usgovcloudapi.net', portal: 'https://portal.azure.us' },
  { suffix: '.vault.azure.cn', portal: 'https://portal.azure.cn' },
] as const;

const ASSET = { secret: 'Secret', key: 'Key', certificate: 'Certificate' } as const;
const COLLECTION = { secret: 'secrets', key: 'keys', certificate: 'certificates' } as const;

export interface DeepLink {
  readonly words: string;
  readonly address: string;
}

/** Where a credential is kept and can be changed. @param target absent, or of this machine: nowhere */
export const linksOfCredential = (
  { kind, name, appId }: Pick<CredentialRecord, 'kind' | 'name' | 'appId'>,
  target: Pick<TargetState, 'source' | 'target'> | undefined,
): DeepLink[] => {
  if (appId !== undefined) {
    const address = `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${encodeURIComponent(appId)}`;
    return [{ words: 'Its application in Entra ID', address }];
  }
  if (target?.source !== 'keyvault' || !(kind in ASSET) || !URL.canParse(target.target)) return [];
  const { protocol, hostname, origin } = new URL(target.target);
  const portal = PORTALS.find(({ suffix }) => protocol === 'https:' && hostname.endsWith(suffix))?.portal;
  if (portal === undefined) return [];
  const of = kind as keyof typeof ASSET;
  const object = `${origin}/${COLLECTION[of]}/${encodeURIComponent(name)}`;
  return [
    { words: 'In Key Vault', address: `${portal}/#asset/Microsoft_Azure_KeyVault/${ASSET[of]}/${object}` },
  ];
};
