/** The browser paints and answers the reader before it goes on with this. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What is drawn by now is on the screen. A tab in the background paints nothing, so this waits 100 ms at most. */
export async function painted(): Promise<void> {
  // The first callback comes before the frame with what is drawn, and the second after it.
  const frames = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await Promise.race([frames, new Promise((resolve) => setTimeout(resolve, 100))]);
  await nextTask();
}
