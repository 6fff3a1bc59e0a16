import type { FunctionsHost } from './functionsHost.ts';

const MOST_PORTS_TRIED = 20;

/** Serves at the wanted port or the next free one. 0: at any. @returns the origin */
export const listenNear = async (host: Pick<FunctionsHost, 'listen'>, port: number): Promise<string> => {
  for (let tried = 0; ; tried++) {
    try {
      return await host.listen(port === 0 ? 0 : port + tried);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tried >= MOST_PORTS_TRIED) throw error;
    }
  }
};
