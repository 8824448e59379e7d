/** What the widget remembers in the browser, per shop and shopper. Blocked storage means that it forgets, not that it fails. */

import type { Pending } from "../shared/thread";

export interface Kept {
  key: string | null;
  conversation: string | null;
  draft: string;
  /** Last number the shopper has had on screen. */
  seen: number;
  /** Messages that have not reached the desk. */
  outbox: Pending[];
}

const NOTHING: Kept = { key: null, conversation: null, draft: "", seen: 0, outbox: [] };

/** Whose things: the token is read for its names only, the desk alone decides whether it is genuine. */
export function bucket(shop: string, token: string | null): string {
  return `xiaoer:${shop}:${subject(token) ?? "anonymous"}`;
}

function subject(token: string | null): string | null {
  try {
    const body = (token ?? "").split(".")[0]!.replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof claims.sub === "string" && claims.sub ? `shopper:${claims.sub}` : null;
  } catch {
    return null;
  }
}

export class Keepsake {
  constructor(private readonly name: string) {}

  load(): Kept {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) ?? "{}") as Partial<Kept>;
      return { ...NOTHING, ...kept, outbox: Array.isArray(kept.outbox) ? kept.outbox : [] };
    } catch {
      return { ...NOTHING };
    }
  }

  save(fields: Partial<Kept>): void {
    try {
      localStorage.setItem(this.name, JSON.stringify({ ...this.load(), ...fields }));
    } catch {
      // Full or blocked.
    }
  }
}
