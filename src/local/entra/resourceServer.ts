import { createServer } from 'node:http';
import { listen, stop } from '../listen.ts';

export interface ResourceServer {
  /** What a client calls to see whether its token is accepted. */
  readonly url: string;
  close(): Promise<void>;
}

/** An API on loopback that answers 200 to whoever brings a JWT and 401 to everybody else. It verifies nothing. */
export const startResourceServer = async (): Promise<ResourceServer> => {
  const server = createServer((request, response) => {
    const isAccepted = /^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(request.headers.authorization ?? '');
    const challenge = { 'www-authenticate': 'Bearer realm="contoso"' };
    response.writeHead(isAccepted ? 200 : 401, {
      'content-type': 'application/json',
      ...(isAccepted ? {} : challenge),
    });
    response.end('{}');
  });
  return { url: `${await listen(server, 0)}/v1/me`, close: () => stop(server) };
};
