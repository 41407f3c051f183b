import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, expect, vi } from 'vitest';

// Generous, so that a busy machine does not fail a test.
configure({ asyncUtilTimeout: 10_000 });

// user-event needs it for radio buttons, and jsdom does not have it.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;

// Menus measure their button with it, and jsdom has none.
globalThis.ResizeObserver ??= class implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// Toasts hold the pointer with it, and a panel with an address comes into view with the other. jsdom has neither.
Element.prototype.setPointerCapture ??= () => undefined;
Element.prototype.scrollIntoView ??= () => undefined;

// Node's Request and Response do not accept jsdom's classes.
const { Blob, File } = await import('node:buffer');
const NodeFormData = (await new Response(new URLSearchParams()).formData()).constructor as typeof FormData;
const FormDataOfPage = FormData;

/** Node's FormData, which takes a form as a browser's does: React reads the form of a submit that navigates. */
class FormDataForBoth extends NodeFormData {
  constructor(form?: HTMLFormElement, submitter?: HTMLElement | null) {
    super();
    for (const [name, value] of form ? new FormDataOfPage(form, submitter) : []) this.append(name, value);
  }
}
Object.assign(globalThis, { Blob, File, FormData: FormDataForBoth });

let complaints: unknown[][] = [];

beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...complaint) => void complaints.push(complaint));
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  expect(complaints, 'nothing is written to console.error').toEqual([]);
});
