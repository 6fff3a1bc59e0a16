import { unaskedProofScope } from '../src/lib/connect/rules/authorizationRequest.ts';
import { PROVIDER_PRESETS } from '../src/lib/oauth/presets/providerPreset.ts';
import type { ProviderProfile, RotationClass } from '../src/lib/oauth/rules/providerProfile.ts';
import { markdownTable } from './markdownTable.ts';

const HEAD = `<!-- Made by \`npm run docs\` from src/lib/oauth/presets; edits here are lost. -->

# Providers

How each authorization server that Keywatch knows treats a refresh token. Name one of them in
\`providers\` of \`keywatch.config.json\`; any fact can be replaced there, and a provider that is not in
the list needs only a \`tokenEndpoint\`.

- **static**: the same token stays good. **keeps old**: a new one is issued and the old one keeps
  working. **grace**: the old one may be used again for a while. **strict**: the old one dies at once, and
  using it again may revoke the whole grant.
- What no source states has the value that is safe when it is wrong: an unknown rotation is strict.
- **Whether a token did rotate is read from every answer**, whatever the list says.
- The **proof call** shows that an access token is accepted. A grant that says \`prove: true\` makes it after each
  refresh, a client with \`call: { "provider": … }\` at each proof. None was tried with a token of that provider: what
  is wrong for yours is replaced by \`proofCall\` of the provider.
- **Consent** is where \`npm run connect\` sends a person, and with what (\`authorization\` of the provider, docs/connect.md).
  The requests come from the providers' documents and from other integrations, and were not tried with an account of each.
- Refreshes go out over HTTP/1.1 straight to the token endpoint; a proxy named in \`HTTPS_PROXY\` is not used.`;

const seconds = (count: number): string => {
  if (count % 3600 === 0) return `${count / 3600} h`;
  return count % 60 === 0 ? `${count / 60} min` : `${count} s`;
};

const rotationOf = (rotation: RotationClass): string =>
  rotation.kind === 'grace' ? `grace, ${seconds(rotation.graceSeconds)}` : rotation.kind.replace('_', ' ');

const lifetimeOf = ({ idleDays, absoluteDays, absoluteFrom }: ProviderProfile): string => {
  const since = absoluteFrom === 'issue' ? 'after each refresh' : 'after the consent';
  const limits = [
    idleDays === undefined ? undefined : `${idleDays} days unused`,
    absoluteDays === undefined ? undefined : `${absoluteDays} days ${since}`,
  ].filter((limit) => limit !== undefined);
  return limits.join(', ') || 'no limit known';
};

const row = (profile: ProviderProfile): string[] => [
  `\`${profile.id}\``,
  profile.displayName,
  rotationOf(profile.rotation),
  lifetimeOf(profile),
  profile.endpointVariables.map((name) => `\`${name}\``).join(', ') || 'none',
];

const proofOf = (profile: ProviderProfile): string => {
  if (profile.proofCall === undefined) return '- Proof call: none.';
  const { method = 'GET', url, scope } = profile.proofCall;
  return [
    `- Proof call: \`${method} ${url}\``,
    scope === undefined ? '' : `, which wants the scope \`${scope}\``,
    unaskedProofScope(profile) === undefined ? '' : ': name it in `scopes` of the grant',
    '.',
  ].join('');
};

const introspectionOf = ({ introspectionEndpoint }: ProviderProfile): string[] =>
  introspectionEndpoint === undefined ? [] : [`- Introspection: \`POST ${introspectionEndpoint}\`.`];

const consentOf = ({ authorization }: ProviderProfile): string => {
  if (authorization === undefined) return '- Consent: `authorization` has to be set.';
  const { endpoint, parameters = {}, scopes = [], pkce = 'S256', accountIdentity } = authorization;
  const given = [
    ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
    ...scopes.map((scope) => `scope ${scope}`),
  ].map((text) => ` \`${text}\``);
  return [
    `- Consent: \`${endpoint}\`${given.length === 0 ? '' : ` with${given.join(',')}`}`,
    pkce === 'none' ? 'without PKCE' : undefined,
    accountIdentity === undefined ? 'the account cannot be told' : undefined,
  ]
    .filter((text) => text !== undefined)
    .join('; ')
    .concat('.');
};

const notesOf = (profile: ProviderProfile): string =>
  [
    `## ${profile.displayName}`,
    '',
    `\`${profile.id}\`: \`POST ${profile.tokenEndpoint}\`, \`${profile.clientAuthenticationMethod}\`, ${profile.bodyFormat}.`,
    '',
    ...introspectionOf(profile),
    consentOf(profile),
    proofOf(profile),
    ...profile.unknowns.map((unknown) => `- Not certain: ${unknown}`),
    ...profile.advice.map(({ text }) => `- Safer: ${text}`),
    `- Sources: ${profile.sources.map((source) => `<${source}>`).join(', ')}`,
  ].join('\n');

/** The text of docs/providers.md. */
export const providersDocument = (): string => {
  const profiles = [...PROVIDER_PRESETS.values()];
  const table = markdownTable(['id', 'provider', 'rotation', 'dies', 'variables'], profiles.map(row));
  return `${[HEAD, table, ...profiles.map(notesOf)].join('\n\n')}\n`;
};
