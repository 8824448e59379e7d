/** Words for the codes that come with a conversation. A code without a word here is not shown. */

import type { Status } from "../shared/wire";

export const STATUS: Record<Status, string> = {
  waiting: "等待人工",
  human: "人工接待中",
  bot: "智能客服接待中",
  closed: "已结束",
};

export const MOOD: Record<string, string> = { angry: "生气", confused: "困惑" };

export const ROLE: Record<string, string> = {
  sales: "售前",
  aftersales: "售后",
  complaint: "投诉",
  packing: "打包发货",
};

export const TASK: Record<string, string> = {
  complaint: "投诉",
  followup: "跟进",
  callback: "回电",
  failed_write: "补办",
};

const REASON: Record<string, string> = {
  asked_for_person: "要求人工",
  complaint: "投诉",
  compensation: "要求赔偿",
  bot_failed: "智能客服没处理好",
};

/** Why a person is wanted: a known code in words, or the words that came. */
export function reason(code: string): string {
  return REASON[code] ?? (/[\u4e00-\u9fff]/.test(code) ? code : "");
}

/** What the list says of a row that waits for a person or has one: role, reason, and that it waits since the night. */
export function wants(row: { status: string; role: string; reason: string; after_hours: boolean }): string[] {
  const why = row.status === "bot" ? "" : reason(row.reason);
  const night = row.status === "waiting" && row.after_hours ? "下班后来的" : "";
  return [...new Set([ROLE[row.role] ?? "", why, night])].filter((word) => word !== "");
}
