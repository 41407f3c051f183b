import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Moment } from '../src/ui/time.tsx';
import { createTimeFormats } from '../src/ui/time-formats.ts';

const now = new Date(2026, 10, 25, 16, 8, 26).getTime();
const minutes = 60_000;
const hours = 60 * minutes;
const days = 24 * hours;
const british = createTimeFormats('en-GB');

test.each([
  [0, 'just now'],
  [-59_999, 'just now'],
  [59_999, 'in less than a minute'],
  [-minutes, '1 minute ago'],
  [-59 * minutes, '59 minutes ago'],
  [-2 * hours, '2 hours ago'],
  [23 * hours, 'in 23 hours'],
  [-days, '24 Nov, 16:08'],
  [6 * days, '1 Dec, 16:08'],
  [-400 * days, '21 Oct 2025, 16:08'],
])('a time %i ms from now is shown as "%s" in a list', (offset, text) => {
  expect(british.short(now + offset, now)).toBe(text);
});

test.each([
  ['de-DE', '24 Nov, 16:08'],
  ['ja', '24 Nov, 16:08'],
  ['en-GB', '24 Nov, 16:08'],
  ['en-US', 'Nov 24, 4:08 PM'],
  ['ko-KR', '24 Nov, 4:08 pm'],
])('a reader with the locale %s sees "%s", by the clock of their own language', (locale, text) => {
  const shown = createTimeFormats(locale).short(now - days, now);
  expect(shown.replaceAll('\u202f', ' ')).toBe(text);
});

test('the exact time has seconds and the name of the time zone', () => {
  expect(british.exact(now)).toMatch(/^Wed,? 25 Nov 2026, 16:08:26 \S+/);
  expect(british.zone(now)).not.toBe('');
});

test('a day is headed Today, Yesterday, or by its date', () => {
  expect([now, now - days, now - 2 * days].map((at) => british.heading(at, now))).toEqual([
    'Today',
    'Yesterday',
    expect.stringMatching(/^Monday,? 23 Nov 2026$/),
  ]);
});

test('a day without a time is the same day in every time zone', () => {
  expect(british.day('1847-02-11')).toBe('11 Feb 1847');
});

test('focus, hovering and a press show both forms of a time, and Escape hides them', () => {
  render(<Moment at={new Date(now - 2 * days).toISOString()} now={() => now} />);
  const time = screen.getByRole('button');
  for (const show of [fireEvent.focus, fireEvent.mouseEnter, fireEvent.click]) {
    expect(screen.queryByText('2 days ago')).toBeNull();
    show(time);
    expect(screen.getByText('2 days ago')).toBeTruthy();
    fireEvent.keyDown(window, { key: 'Escape' });
  }
  expect(screen.queryByText('2 days ago')).toBeNull();
});

test('a screen reader reads the short form of a time and the exact one', () => {
  render(<Moment at={new Date(now - 3 * minutes).toISOString()} now={() => now} />);
  expect(screen.getByRole('button', { name: /^3 minutes ago ?\(.*26/ })).toBeTruthy();
});

test.each(['C', 'en-US@posix', ''])(
  'a language that is not valid in BCP 47 (%j) does not keep the app from starting',
  (language) => {
    expect(createTimeFormats(language).short(now - days, now)).toBe('24 Nov, 16:08');
  },
);
