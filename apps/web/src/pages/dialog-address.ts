import { useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { z } from 'zod';

/** Parsed, because a history entry may come from an older build. */
const LocationState = z.object({ isOverPage: z.literal(true) });

/** Whether the dialog at the current address was opened over its page, which is then loaded already. */
export function useIsOverPage(): boolean {
  return LocationState.safeParse(useLocation().state).success;
}

/**
 * For dialogs that have an address, over the page at `parent`. `open` keeps the page's query, and with it the page as it
 * is; `close` goes back to the page, as the browser's Back does.
 */
export function useDialogAddress(parent: string) {
  const navigate = useNavigate();
  const { search, state, key } = useLocation();
  const closedKey = useRef<string>(undefined);
  return {
    open: (path: string) =>
      navigate(
        { pathname: path, search },
        { state: { isOverPage: true } satisfies z.infer<typeof LocationState> },
      ),
    close() {
      // The browser goes back a moment later, and a second call in between would leave the page.
      if (closedKey.current === key) return;
      closedKey.current = key;
      if (LocationState.safeParse(state).success) return navigate(-1);
      return navigate({ pathname: parent, search }, { replace: true });
    },
  };
}
