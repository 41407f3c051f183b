import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, expect, vi } from 'vitest';

// A busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });

// What user-event needs for radio buttons, and jsdom lacks.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;

let complaints: unknown[][] = [];

beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...complaint) => void complaints.push(complaint));
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  expect(complaints, 'nothing is written to console.error').toEqual([]);
});
