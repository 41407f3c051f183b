// A browser that is built on another one names both, so the more specific names come first.
const browsers = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Chrome'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const programs = [
  [/^PostmanRuntime\//, 'Postman'],
  [/^curl\//, 'curl'],
  [/^node\b/, 'Node.js'],
] as const;

const systems = [
  [/\bAndroid\b/, 'Android', 'phone'],
  [/\biPhone\b/, 'iPhone', 'phone'],
  [/\biPad\b/, 'iPad', 'tablet'],
  [/\bWindows NT\b/, 'Windows', 'computer'],
  [/\bMac OS X\b/, 'macOS', 'computer'],
  [/\bCrOS\b/, 'ChromeOS', 'computer'],
  [/\bLinux\b/, 'Linux', 'computer'],
] as const;

export type DeviceKind = 'phone' | 'tablet' | 'computer' | 'program' | 'unknown';

type DeviceName = { readonly name: string; readonly kind: DeviceKind };

/**
 * A guess from `User-Agent`: `Chrome on Linux`, a computer. For display only, because any client can send any text. Of a
 * client that is not known the whole text is the name.
 */
export function deviceOf(userAgent: string | null): DeviceName {
  if (!userAgent) return { name: 'Unknown device', kind: 'unknown' };
  const program = programs.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (program) return { name: program, kind: 'program' };
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [, system, kind] = systems.find(([pattern]) => pattern.test(userAgent)) ?? [];
  if (!browser && !system) return { name: userAgent, kind: 'unknown' };
  return { name: [browser, system].filter(Boolean).join(' on '), kind: kind ?? 'computer' };
}
