/** What a toast offers besides its text. */
export type Offer = {
  /** What the button says: "Undo". */
  readonly label: string;
  readonly onTake: () => void;
  /** Called once if the toast goes and the offer was not taken. */
  readonly onPass: () => unknown;
};

export type Toast = {
  readonly id: number;
  readonly text: string;
  readonly offer?: Offer;
  readonly isOver: boolean;
};

let toasts: readonly Toast[] = [];
const listeners = new Set<() => void>();

function change(changed: readonly Toast[]) {
  toasts = changed;
  for (const listener of listeners) listener();
}

/** Shows a message about a success, for a few seconds. */
export function notify(text: string, offer?: Offer) {
  change([...toasts, { id: toasts.length, text, isOver: false, ...(offer && { offer }) }]);
}

/** Takes the offer of a toast, or passes it if `isTaken` is false. Only the first answer counts. */
export function answerOffer(id: number, isTaken: boolean): unknown {
  const toast = toasts[id];
  if (!toast || toast.isOver) return undefined;
  change(toasts.map((other) => (other === toast ? { ...toast, isOver: true } : other)));
  return isTaken ? toast.offer?.onTake() : toast.offer?.onPass();
}

/** Passes every open offer, and resolves when what follows from that is done. */
export async function passOffers(): Promise<void> {
  await Promise.all(toasts.filter(({ offer }) => offer).map(({ id }) => answerOffer(id, false)));
}

/** Every toast since the page was opened, oldest first. The place of a toast is its id. */
export const allToasts = {
  get: () => toasts,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
