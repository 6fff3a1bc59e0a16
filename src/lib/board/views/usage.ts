import { isoDate } from '../../kernel/instant.ts';
import { printable } from '../../kernel/printable.ts';
import { type Html, html } from '../../web/html.ts';
import { USERS_OF_DAYS, type Usage, type User } from '../rules/uses.ts';

const who = ({ appId, objectId, resource }: User): string =>
  [
    appId && `application ${appId}`,
    objectId && `object ${objectId}`,
    resource && `at ${printable(resource, 100)}`,
  ]
    .filter(Boolean)
    .join(', ') || 'somebody without an id';

/** Who used a credential, and when last; or that nobody did; or why that is not known. */
export const usageView = (
  { users, lastEpochMs, unusedSinceEpochMs, askedEpochMs, why }: Usage,
  time: (epochMs: number | undefined) => Html | undefined,
): Html => {
  const asked = askedEpochMs !== undefined && html` <span class="soft">(asked ${time(askedEpochMs)})</span>`;
  const unknown = why !== undefined && html`Not known, because ${printable(why, 500)}.`;
  if (unusedSinceEpochMs !== undefined)
    return html`Nobody since ${isoDate(unusedSinceEpochMs)}, as far back as is known${asked}`;
  if (lastEpochMs === undefined) return html`${unknown || 'Not known.'}${asked}`;
  const quiet = why === undefined ? `Nobody for ${USERS_OF_DAYS} days, last` : 'Last known';
  const list =
    users.length === 0
      ? html`${quiet} on ${isoDate(lastEpochMs)}. `
      : html`<ul>${users.map((user) => html`<li>${who(user)}, last ${time(user.lastEpochMs)}</li>`)}</ul>`;
  return html`${list}${unknown}${asked}`;
};
