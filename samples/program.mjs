// A program of the company of `npm start` asks for the access token of a grant, by its own identity:
//   node --env-file=.keywatch/programs/order-sync.env samples/program.mjs
const { CLIENT_ID, CLIENT_SECRET, SCOPE, TOKEN_ENDPOINT, KEYWATCH_URL, KEYWATCH_GRANT } = process.env;
const form = {
  grant_type: 'client_credentials',
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  scope: SCOPE,
};
const own = await fetch(TOKEN_ENDPOINT, { method: 'POST', body: new URLSearchParams(form) });
const headers = { authorization: `Bearer ${(await own.json()).access_token}` };
const answer = await fetch(`${KEYWATCH_URL}/api/grants/${KEYWATCH_GRANT}/token`, { method: 'POST', headers });
const { token_type, expires_in, error_description } = await answer.json();
console.log(answer.status, answer.ok ? `a ${token_type} token for ${expires_in} seconds` : error_description);
