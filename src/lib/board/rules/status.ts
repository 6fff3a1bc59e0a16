import * as z from 'zod/mini';
import { FINDING_CODES } from '../../credentials/findings.ts';
import { SEVERITIES } from '../../credentials/severities.ts';
import { isInstant, isoSeconds } from '../../kernel/instant.ts';
import { keysOf } from '../../kernel/keysOf.ts';
import { described, optional } from '../../kernel/schema.ts';
import { type BoardModel, TIMELINE_DAYS } from './boardModel.ts';
import { ITEM_KINDS, type Item } from './items.ts';

const instant = (description: string) => optional(z.iso.datetime(), description);
const count = (description: string) => described(z.int(), description);

const itemSchema = z.object({
  id: described(
    z.string(),
    'Stable id, as in telemetry: `VAULT/KIND/NAME`, `grant/ID`, `client/ID`, `rotation/ID`.',
  ),
  kind: described(z.enum(keysOf(ITEM_KINDS)), 'What it is.'),
  name: described(z.string(), 'Its name there.'),
  where: described(z.string(), 'The vault, directory or provider.'),
  status: described(z.string(), 'Where it stands, in the words of the board.'),
  severity: described(z.enum(keysOf(SEVERITIES)), 'How bad that is.'),
  broken: described(z.boolean(), 'Whether somebody is refused with it now.'),
  needsAttention: described(z.boolean(), 'Whether somebody has to act.'),
  ends: instant('When it ends; absent: never, as far as anybody knows.'),
  owner: optional(z.string(), 'Who owns it; absent: nobody is named.'),
  whoActs: optional(z.string(), 'Who has to act; absent: nobody.'),
  action: optional(z.string(), 'What to do, in one sentence.'),
  runbook: optional(z.string(), 'Link to what its owner wants done.'),
  reconnectUrl: optional(z.string(), 'Where a person renews the consent.'),
  lastUsed: instant('When it was last used, by the logs of a workspace; absent: not known, or never.'),
  findings: described(
    z.array(z.object({ code: z.enum(FINDING_CODES), detail: z.string() })),
    'Its hygiene faults (docs/findings.md).',
  ),
});

const someSchema = z.object({ count: z.int(), first: z.array(itemSchema) });

/** What `GET /api/status` answers. docs/status.schema.json is made of it. */
export const statusSchema = z.object({
  version: described(z.literal(1), 'Of this form. Members may be added within one version.'),
  at: described(z.iso.datetime(), 'When this was answered.'),
  broken: described(someSchema, 'What somebody is refused with now, worst first.'),
  next: described(someSchema, `What ends within ${TIMELINE_DAYS} days, soonest first.`),
  seesEverything: described(z.boolean(), 'Whether each target and job was seen to its end lately.'),
  coverage: described(
    z.array(
      z.object({
        what: described(z.string(), 'The vault, the directory or the job.'),
        severity: z.enum(keysOf(SEVERITIES)),
        words: described(z.string(), 'How it went, for people.'),
        action: optional(z.string(), 'What to do.'),
        complete: instant('When it was last seen whole; absent: never.'),
      }),
    ),
    'What Keywatch sees, and what not.',
  ),
  notes: described(z.array(z.string()), 'What could not be shown, and why.'),
  total: count('Credentials in the state; `windows` says in how many answers they fit.'),
  found: count(
    'Rows that match the query: in the whole state where there is a filter, in this window where there is none.',
  ),
  page: count('Page of the rows.'),
  pages: count('Pages of the rows.'),
  window: count('Which part of the state, from its urgent end.'),
  windows: count(
    'Parts of the state: more than one where it is too large to be looked at as a whole, and no filter is given.',
  ),
  rows: described(z.array(itemSchema), 'One page of what matches, worst first.'),
});

export type Status = z.infer<typeof statusSchema>;

const isoOf = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined || !isInstant(epochMs) ? undefined : isoSeconds(epochMs);

const entryOf = (item: Item): Status['rows'][number] => {
  const { id, kind, name, where, severity, owner, whoActs, action, runbook, reconnectUrl, findings } = item;
  return {
    ...{ id, kind, name, where, severity, owner, whoActs, action, runbook, reconnectUrl },
    status: item.words,
    broken: item.isBroken,
    needsAttention: item.needsAction,
    ends: isoOf(item.endsEpochMs),
    lastUsed: isoOf(item.usage?.lastEpochMs),
    findings: [...findings],
  };
};

/** The board as data: the same facts in the same words. */
export const statusOf = (model: BoardModel): Status => ({
  version: 1,
  at: isoSeconds(model.nowEpochMs),
  broken: { count: model.broken.count, first: model.broken.first.map(entryOf) },
  next: { count: model.next.count, first: model.next.first.map(entryOf) },
  seesEverything: model.unseen.length === 0,
  coverage: model.coverage.map(({ what, severity, words, action, completeEpochMs }) => ({
    ...{ what, severity, words, action },
    complete: isoOf(completeEpochMs),
  })),
  notes: [...model.notes],
  total: model.total,
  found: model.found,
  page: model.query.page,
  pages: model.pages,
  window: model.query.window,
  windows: model.windows,
  rows: model.rows.map(entryOf),
});
