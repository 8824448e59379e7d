/** What needs the agent: who waits, and which of the agent's own conversations have something new. */

import type { Summary } from "./api";

export function isNew(row: Summary, seen: Record<string, string>, openId: string | undefined): boolean {
  return row.mine && row.id !== openId && row.last_at !== null && row.last_at > (seen[row.id] ?? "");
}

/** What an agent of one role sees: its conversations and the agent's own; "" for every role. */
export function ofRole(rows: readonly Summary[], role: string): Summary[] {
  return rows.filter((row) => !role || row.role === role || row.mine);
}

/** (3) 客服台 while three conversations wait or have news. */
export function title(rows: readonly Summary[], seen: Record<string, string>, openId: string | undefined): string {
  const count = rows.filter((row) => row.status === "waiting" || isNew(row, seen, openId)).length;
  return `${count ? `(${count}) ` : ""}店小二 客服台`;
}
