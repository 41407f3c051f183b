/** The browser paints and answers the reader before it goes on with this. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Chromium shows a frame up to three frames after it has called back for it. */
const framesToScreen = 4;

/** Resolves when what is drawn by now is on the screen; at once in a tab in the background, which paints nothing. */
export async function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return;
  // A tab that is hidden meanwhile has no more frames.
  await Promise.race([passFrames(framesToScreen), new Promise((resolve) => setTimeout(resolve, 1000))]);
  await nextTask();
}

async function passFrames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame += 1)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}
