import ICAL from 'ical.js';
import { expect } from 'vitest';
import type { BoardSettings } from '../../src/lib/board/gatherFacts.ts';
import { csrfTokenOf } from '../../src/lib/callers/csrf.ts';
import type { Caller } from '../../src/lib/callers/rules/caller.ts';
import { SESSION_COOKIE } from '../../src/lib/callers/sessions.ts';
import { boardScene } from './boardScene.ts';
import { OWNER } from './metadata.ts';

/** The events of a calendar, as Thunderbird reads them. */
export const eventsOf = (text: string) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((one) => {
    const { uid, summary, description, startDate, component } = new ICAL.Event(one);
    const alarms = component
      .getAllSubcomponents('valarm')
      .map((alarm) => (alarm.getFirstPropertyValue('trigger') as ICAL.Duration).toSeconds());
    const url = one.getFirstPropertyValue('url');
    return { uid, summary, description, start: String(startDate), url, alarms };
  });
};

/** Of the session that makes addresses. */
const HANDLE = 'the handle of a session';
export const ada: Caller = {
  ...{ kind: 'user', tenantId: 't', objectId: 'ada', clientId: undefined, roles: [], via: 'session' },
};
export const bob: Caller = { ...ada, objectId: 'bob' };

/** A board with calendars, and those who have them made. */
export const calendarScene = (settings: Partial<BoardSettings> = {}) => {
  const scene = boardScene({ publicUrl: 'https://keywatch.example', ...settings });
  const read = async (owner = OWNER) => {
    const { status, body } = await scene.board.calendar(owner);
    expect(status, body).toBe(200);
    return eventsOf(body);
  };
  const change = (by: Caller, change: 'make' | 'end', csrf = csrfTokenOf(HANDLE)) =>
    scene.board.changeCalendar(
      {
        parameters: new URLSearchParams({ owner: OWNER, change, csrf }),
        cookies: `${SESSION_COOKIE}=${HANDLE}`,
      },
      by,
    );
  const keyFor = async (by: Caller) =>
    /[?&]key=([\w-]{43})</.exec((await change(by, 'make')).body)?.[1] ?? '';
  const byKey = async (key: string, owner = OWNER) => (await scene.board.calendarByKey(owner, key)).status;
  return { ...scene, read, change, keyFor, byKey };
};
