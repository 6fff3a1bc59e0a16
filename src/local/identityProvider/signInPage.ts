import type { SeededPerson } from '../seed/people.ts';

/** A page on which a person says who to be. No password: it is on this machine, and nobody of it exists. */
export const signInPage = (
  people: readonly SeededPerson[],
): string => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Sign in</title>
<main><h1>Contoso, on this machine: who are you?</h1>
<form method="post" action="">
${people
  .map(
    ({ id, name, roles }) => `<p><button name="login" value="${id}">${name}</button> ${roles.join(', ')}</p>`,
  )
  .join('\n')}
</form></main>
`;
