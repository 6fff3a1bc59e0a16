import { SETTINGS } from '../src/lib/config/settings.ts';
import { TAGS } from '../src/lib/credentials/tagNames.ts';
import { LINK_FOR_PEOPLE } from '../src/lib/kernel/linkForPeople.ts';
import { TARGETS_ALLOWED } from '../src/lib/kernel/targets.ts';
import { BUILT_IN } from '../src/lib/scan/rules/sources.ts';
import { MAXIMUM_SNOOZE_DAYS } from '../src/lib/scan/rules/tags.ts';
import { describeThreshold } from '../src/lib/scan/rules/threshold.ts';
import { configurationSchema, type JsonSchema } from './configurationSchema.ts';
import { markdownTable } from './markdownTable.ts';

const HEAD = `<!-- Made by \`npm run docs\` from src/lib/config and src/lib/scan/rules; edits here are lost. -->

# Configuration

Three places, by who decides: **app settings** say where things are and when they run, **\`keywatch.config.json\`**
says what to watch and by which rules, **tags** on an object of Key Vault are for whoever owns the object.
\`npm run check\` reads all of it and names every fault at once: where it is, what was given, what is allowed.
A file that holds a literal secret is read no further until it is taken out. Settings are read from the
environment: \`local.settings.json\` is read by the Functions host alone.`;

const SETTINGS_TEXT = `In Azure: the app settings of the function app, set by \`infra/main.bicep\`. On a laptop with the Functions
host: \`local.settings.json\`, made from \`local.settings.sample.json\`. A setting that starts with \`KEYWATCH_\`
and is not in this table is a fault: it is a typing error.

The Functions host needs \`FUNCTIONS_WORKER_RUNTIME\` and \`AzureWebJobsStorage\` as everywhere.
\`APPLICATIONINSIGHTS_CONNECTION_STRING\` says where telemetry goes; without it none is sent.`;

const FILE_TEXT = `Lies beside \`host.json\` in the deployment package and is reviewed in git; \`keywatch.config.sample.json\` is
one to start from. It may be absent: settings alone are enough to scan. With \`"$schema":
"./keywatch.config.schema.json"\` an editor completes it.

**It holds no secret.** A literal one (a member like \`clientSecret\` or \`password\` with a text, or what looks
like a token, a key or a signature anywhere) is refused and not shown: name a secret in Key Vault instead. A tag
or an answer can never say where a token is sent: token endpoints come from here only, https only.`;

const BUILT_IN_DAYS = `${describeThreshold(BUILT_IN.says.warning)} and ${describeThreshold(BUILT_IN.says.critical)}`;

const THRESHOLDS_TEXT = `A threshold is a number of days before the end (\`30\`, \`"30"\`), or a share of the lifetime (\`"20%"\`, from
start or creation to end). At \`warning\` a credential becomes \`warning\` (a ticket), at \`critical\` it
becomes \`critical\` (an alert at once); where nobody says, ${BUILT_IN_DAYS}. Defaults in days never take up more of a life
than they do of 90 days: of a credential that lives 9 days they are 3 days and 1 day. Tags are taken as they
stand. A critical that comes before its warning is a fault here and, in tags, a finding.`;

const RULES_TEXT = `**Who decides.** For each value the most exact source that says it decides: the object's own tags; rules that name it whole;
the grant that uses it; other rules; its vault; \`defaults\`; what is built in. Of two rules the more exact decides,
member by member: first by the name (whole, then by the characters beside \`*\`), then with a vault before without, an
owner, a kind. The order of the list never decides: two rules that are equally exact and say different things of
credentials that both may match are a fault that names both. The owner is settled first, so a rule for an owner
cannot name one. \`npm run scan -- --explain NAME\` shows of one credential each value and its origin, and \`--json\`
has the \`origins\` of all: \`tag\`, \`rules[2]\`, \`grant ID\`, \`vault\`, \`defaults\` or \`built-in\`.

A threshold of a rule that names a credential whole is taken as it stands, like a tag; one for a group takes a share
of a short life, like a default. Where warning and critical come from different places and cross, the less exact moves.

**What silences** (\`snoozeUntil\`, \`ignoreUntil\`) needs a reason and has an end; it adds to what tags silence, and the
longer holds. A snooze never hides the end itself. An end that lies further ahead than is allowed silences nothing
until it does not. A rule that matches nothing in a scan of everything, or whose end has passed or is too far ahead,
is the finding \`idle_rule\` once a day, and a line of \`npm run scan\`.`;

interface TagText {
  readonly meaning: string;
  readonly allowed: string;
  readonly absent: string;
}

/** One for each tag: TypeScript misses the one that is missing. */
const TAG_TEXTS: Readonly<Record<keyof typeof TAGS, TagText>> = {
  owner: {
    meaning: 'Who owns it, and is asked.',
    allowed: 'a name or address of 1 to 128 printable characters',
    absent:
      'what a rule, the grant that uses the object, its vault or `defaults` says; without those the finding `unowned`',
  },
  warningDays: {
    meaning: 'When the object becomes `warning`.',
    allowed: 'days or a share of the lifetime (`45`, `20%`)',
    absent: '`warning` of a rule, the vault or `defaults`',
  },
  criticalDays: {
    meaning: 'When the object becomes `critical`.',
    allowed: 'days or a share of the lifetime (`5`, `5%`)',
    absent: '`critical` of a rule, the vault or `defaults`',
  },
  runbook: {
    meaning: 'What to do when it ends; stands in the alert.',
    allowed: LINK_FOR_PEOPLE,
    absent: '`runbook` of a rule or of the grant that uses the object; without those that of the alert rule',
  },
  snoozeUntil: {
    meaning:
      'Counted and reported as snoozed, without an alert until then: for a planned renewal. It never hides the end itself: what has expired alerts.',
    allowed: `a date (\`2026-12-31\`, to its end in UTC) or an instant with its zone, at most ${MAXIMUM_SNOOZE_DAYS} days ahead`,
    absent: '`snoozeUntil` of a rule; without that not snoozed',
  },
  ignore: {
    meaning: 'Left out of status counts and alerts for good; counted as ignored.',
    allowed: '`true` or `false`',
    absent: '`false`',
  },
  renews: {
    meaning:
      'Something renews the object by itself so long before its end. Until then, and two days more, it alerts nobody; after that it is the finding `renewal_late`, and its thresholds apply. It never hides the end itself.',
    allowed: 'days or a share of the lifetime (`30`, `20%`)',
    absent:
      '`renews` of a rule; without that a certificate or a key goes by its policy in Key Vault ([Renewals](#renewals))',
  },
  target: {
    meaning:
      'Hosts that the object is used at, so that an alert on their 401s can name it. A label: nothing is sent there.',
    allowed: `${TARGETS_ALLOWED}; no address, port, path, wildcard or IP address, and other scripts as \`xn--…\``,
    absent: '`targets` of a rule; without those the alert names it only where Keywatch itself used it',
  },
  app: {
    meaning:
      'The application whose secret this secret holds, by its client id: where the config names a `directory`, their ends are compared.',
    allowed: 'a client id, as the GUID that it is',
    absent: '`directory.applications` of the config; without that it is tied to none',
  },
  keyId: {
    meaning: 'Which secret of that application it holds.',
    allowed: 'a key id ("Secret ID"), as the GUID that it is',
    absent: 'any secret of the application that ends at that time will do',
  },
};

const RENEWALS_TEXT = `A certificate whose policy renews it (\`AutoRenew\`), or a key whose rotation policy rotates it (\`Rotate\`), asks for no
attention until that is due and two days have passed (half of what was left, where that is less). The policy is read
where the object would need attention otherwise, by one more call, which *Key Vault Reader* allows; a vault with access
policies has to allow Get on certificates and Get Rotation Policy on keys. What counts as not renewing: a policy that
cannot be read, that only sends mail (\`EmailContacts\`, \`Notify\`), that is disabled, or whose issuer is \`Unknown\`, a CA that
Key Vault cannot ask. \`renewal\` in the telemetry and in \`npm run scan -- --json\` says which. Where something else renews,
as an ACME client does, say so by the tag or a rule.

A certificate that was imported with the issuer \`Self\` and \`AutoRenew\` is renewed as a self-signed one, which whoever
trusted its CA refuses: give its policy the issuer \`Unknown\`.`;

const TAGS_TEXT = `A malformed tag, or one that starts with \`keywatch-\` and is none of these, is the finding [\`malformed_tag\`](findings.md);
what holds without it applies.`;

const code = (text: string): string => `\`${text}\``;

const settingsTable = (): string =>
  markdownTable(
    ['setting', 'meaning', 'allowed', 'default'],
    Object.entries(SETTINGS).map(([name, { meaning, allowed, defaultText }]) => [
      code(name),
      meaning,
      allowed,
      defaultText === '' ? 'none' : code(defaultText),
    ]),
  );

const tagsTable = (): string =>
  markdownTable(
    ['tag', 'meaning', 'allowed', 'when absent'],
    (Object.keys(TAGS) as (keyof typeof TAGS)[]).map((key) => {
      const { meaning, allowed, absent } = TAG_TEXTS[key];
      return [code(TAGS[key]), meaning, allowed, absent];
    }),
  );

const allowedIn = (schema: JsonSchema): string => {
  const { oneOf, items, properties, pattern, format } = schema;
  if (oneOf !== undefined) {
    return oneOf.map(({ properties: own = {} }) => code(`{ ${Object.keys(own).join(', ')} }`)).join(' or ');
  }
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (items !== undefined) return `list of: ${allowedIn(items)}`;
  if (schema.type === 'object') return properties === undefined ? 'object of texts' : 'object';
  const shape = format === 'uri' ? 'https address' : pattern === undefined ? '' : code(pattern);
  return [[schema.type ?? 'anything'].flat().join(' or '), ...limitsOf(schema), shape]
    .filter((part) => part !== '')
    .join(', ');
};

const limitsOf = (schema: JsonSchema): string[] => {
  const { exclusiveMinimum, minimum, maximum, minLength, maxLength } = schema;
  return [
    exclusiveMinimum === undefined ? '' : `more than ${exclusiveMinimum}`,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `to ${maximum}`,
    minLength === 1 ? 'not empty' : '',
    maxLength === undefined ? '' : `to ${maxLength} characters`,
  ];
};

/** Rows of every member below a schema, nested ones by their path. */
const memberRows = ({ properties = {}, required = [] }: JsonSchema, prefix = ''): string[][] =>
  Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const isRequired = required.includes(name);
    const row = [
      code(path),
      schema.description ?? '',
      allowedIn(schema),
      isRequired ? 'needed' : 'may be absent',
    ];
    const nested = [schema, ...(schema.oneOf ?? [])].flatMap((one) => memberRows(one, `${path}.`));
    const listed = schema.items === undefined ? [] : memberRows(schema.items, `${path}[ ].`);
    return [row, ...nested, ...listed];
  });

const membersTable = (schema: JsonSchema): string =>
  markdownTable(['member', 'meaning', 'allowed', 'default'], memberRows(schema));

/** Top-level members with a table each: `vaults` and the like; the others are in one table. */
const fileSections = (): string[] => {
  const { properties = {} } = configurationSchema();
  return [
    markdownTable(
      ['member', 'meaning'],
      Object.entries(properties).map(([name, { description = '' }]) => [code(name), description]),
    ),
    ...Object.entries(properties)
      .filter(([, { items, properties: own }]) => items !== undefined || own !== undefined)
      .flatMap(([name, schema]) => [
        `### ${schema.items === undefined ? name : `${name}[ ]`}`,
        membersTable(schema.items ?? schema),
      ]),
  ];
};

/** docs/configuration.md, made from the settings, the schema of the config file and the tags. */
export const configurationDocument = (): string =>
  `${[
    HEAD,
    '## App settings',
    SETTINGS_TEXT,
    settingsTable(),
    '## keywatch.config.json',
    FILE_TEXT,
    THRESHOLDS_TEXT,
    RULES_TEXT,
    ...fileSections(),
    '## Renewals',
    RENEWALS_TEXT,
    '## Tags',
    TAGS_TEXT,
    tagsTable(),
  ].join('\n\n')}\n`;
