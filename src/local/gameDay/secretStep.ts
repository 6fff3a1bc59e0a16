import { isoDate } from '../../lib/kernel/instant.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import { integrationVault } from '../seed/integrationVault.ts';
import type { Step } from './gameDay.ts';
import type { Stage } from './stage.ts';

/** Where Contoso keeps the tokens of its grants. */
export const GRANTS_VAULT = integrationVault.name;

const LIVES_DAYS = 180;

/** Writes a new version of a secret, with its owner and an end. The value is in a private file, as it came from its issuer. */
export const secretStep = (
  stage: Stage,
  says: string,
  secret: { readonly name: string; readonly value?: string; readonly owner: string },
): Step => {
  const { name, value, owner } = secret;
  const end = isoDate(stage.clock.nowEpochMs() + LIVES_DAYS * DAY_MS);
  const tag = `keywatch-owner=${owner}`;
  return {
    says: `${says}; the file is what its issuer gave, delete it afterwards`,
    run: ['secret', '--vault', GRANTS_VAULT, '--name', name, '--expires', end, '--tag', tag],
    input: stage.note(`new-${name}`, value),
  };
};
