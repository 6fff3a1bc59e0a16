import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../src/lib/web/rules/routes.ts';

describe('the path of a route', () => {
  it('begins with the prefix that the host has', () => {
    const { extensions } = JSON.parse(readFileSync('host.json', 'utf8'));
    expect(pathOf('health')).toBe(`/${extensions.http.routePrefix}/health`);
  });

  it('has its parameter encoded, so that nothing in it is read as more of the path', () => {
    expect(pathOf('calendar', { owner: 'a/b?c.ics' })).toBe('/api/calendar/a%2Fb%3Fc.ics');
  });
});
