/** What needs the agent: who waits, and which of the agent's own conversations have something new. */

import type { Summary } from "./api";

export function isNew(row: Summary, seen: Record<string, string>, openId: string | undefined): boolean {
  return row.mine && row.id !== openId && row.last_at !== null && row.last_at > (seen[row.id] ?? "");
}

/** (3) 客服台 while three conversations wait or have news. */
export function title(rows: readonly Summary[], seen: Record<string, string>, openId: string | undefined): string {
  const count = rows.filter((row) => row.status === "waiting" || isNew(row, seen, openId)).length;
  return `${count ? `(${count}) ` : ""}店小二 客服台`;
}
