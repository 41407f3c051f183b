import { ApiError } from '@signet/contracts';
import { useEffect, useState } from 'react';

/**
 * How long the API wants the caller to wait after `error`, counted down every second. `text` is undefined, and the wait
 * over, if it said nothing of it. `isRetried` means that the call is made again by itself after a refusal for load, as
 * `ErrorAlert` does, and the text says so.
 */
export function useWait(error: unknown, isRetried = false): { isOver: boolean; text: string | undefined } {
  const seconds = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  const isLoad = error instanceof ApiError && error.problem.status === 503;
  const [wait, setWait] = useState({ error, left: seconds });
  const left = wait.error === error ? wait.left : seconds;
  useEffect(() => {
    if (seconds <= 0) return;
    const end = Date.now() + seconds * 1000;
    const tick = () => setWait({ error, left: Math.max(0, Math.ceil((end - Date.now()) / 1000)) });
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [error, seconds]);
  if (seconds <= 0) return { isOver: true, text: undefined };
  if (left <= 0) return { isOver: true, text: 'You can try again now.' };
  const verb = isRetried ? 'Trying' : 'Try';
  if (isLoad)
    return { isOver: false, text: `${verb} again in ${left} ${left === 1 ? 'second' : 'seconds'}.` };
  return { isOver: false, text: `You can try again in ${clock(left)}.` };
}

/** `14:32`, `00:09`. */
function clock(seconds: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}
