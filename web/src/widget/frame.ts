/** The iframe's side of the talk with loader.js. The first boot pins the shop page's origin; later messages must match it. */

import type { Page } from "../shared/wire";

export interface Boot {
  shop: string;
  token: string | null;
  page: Page | null;
}

export interface Frame {
  embedded: boolean;
  unread(count: number): void;
  close(): void;
}

const NO_LOADER: Boot = { shop: "", token: null, page: null };
const LOADER_WAIT = 5_000;

interface Incoming {
  xiaoer: 1;
  kind: string;
  shop?: unknown;
  token?: unknown;
  page?: unknown;
  on?: unknown;
}

/** The loader hands the shop's data-page on as it stands: JSON, or whatever somebody put there. */
function read(page: unknown): Page | null {
  if (typeof page !== "string") return page as Page | null;
  try {
    return JSON.parse(page) as Page | null;
  } catch {
    return null;
  }
}

function boot(message: Incoming): Boot {
  const page = read(message.page);
  return {
    shop: typeof message.shop === "string" ? message.shop : "",
    token: typeof message.token === "string" && message.token ? message.token : null,
    page: page && typeof page === "object" && typeof page.kind === "string" ? page : null,
  };
}

export function connectFrame(on: { boot: (boot: Boot) => void; shown: (shown: boolean) => void }): Frame {
  const parent = window.parent;
  const embedded = parent !== window;
  let origin: string | null = null;
  let booted = false;
  const start = (with_: Boot): void => {
    if (booted) return;
    booted = true;
    on.boot(with_);
  };
  const post = (message: object): void => {
    if (origin) parent.postMessage({ xiaoer: 1, ...message }, origin);
  };

  if (!embedded) {
    queueMicrotask(() => {
      start(NO_LOADER);
      on.shown(true);
    });
    return { embedded, unread: () => undefined, close: () => undefined };
  }
  window.addEventListener("message", (event: MessageEvent<Incoming | null>) => {
    const message = event.data;
    if (event.source !== parent || message?.xiaoer !== 1) return;
    if (origin !== null && event.origin !== origin) return;
    if (message.kind === "boot") {
      origin = event.origin;
      start(boot(message));
      on.shown(message.on === true);
    } else if (message.kind === "shown" && origin) on.shown(message.on === true);
  });
  // "ready" says nothing private, and the shop's origin is not known yet.
  parent.postMessage({ xiaoer: 1, kind: "ready" }, "*");
  setTimeout(() => start(NO_LOADER), LOADER_WAIT);
  return { embedded, unread: (count) => post({ kind: "unread", count }), close: () => post({ kind: "close" }) };
}
