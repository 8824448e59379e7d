/** Times as a shopper reads them, in the shop's zone. */

export const SHOP_ZONE = "Asia/Shanghai";
const JUST_NOW = 60_000;
const DAY = 86_400_000;

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: SHOP_ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

interface Wall {
  year: number;
  month: number;
  day: number;
  clock: string;
}

function wall(at: number): Wall {
  const found: Record<string, string> = {};
  for (const part of parts.formatToParts(at)) found[part.type] = part.value;
  return {
    year: Number(found.year),
    month: Number(found.month),
    day: Number(found.day),
    clock: `${found.hour}:${found.minute}`,
  };
}

function days(at: Wall): number {
  return Date.UTC(at.year, at.month - 1, at.day) / DAY;
}

/** 刚刚, 10:32, 昨天 10:32, 11月20日; with `clock` older days show the time as well. "" for no valid time. */
export function spokenTime(iso: string, now: number, clock = false): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "";
  if (Math.abs(now - at) < JUST_NOW) return "刚刚";
  const then = wall(at);
  const today = wall(now);
  const ago = days(today) - days(then);
  if (ago === 0) return then.clock;
  if (ago === 1) return `昨天 ${then.clock}`;
  const year = then.year === today.year ? "" : `${then.year}年`;
  return `${year}${then.month}月${then.day}日${clock ? ` ${then.clock}` : ""}`;
}

/** Until when: 今天 16:00, 明天 12:00, 昨天 18:00, 11月20日 14:00. "" for no valid time. */
export function deadline(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "";
  const then = wall(at);
  const today = wall(now);
  const near: Record<string, string | undefined> = { "-1": "昨天", "0": "今天", "1": "明天" };
  const year = then.year === today.year ? "" : `${then.year}年`;
  const day = near[`${days(then) - days(today)}`];
  return `${day ?? `${year}${then.month}月${then.day}日`} ${then.clock}`;
}

/** True when two neighbouring messages are far enough apart to show the time between them. */
export function apart(before: string | null, at: string, minutes = 5): boolean {
  return before === null || Math.abs(Date.parse(at) - Date.parse(before)) >= minutes * 60_000;
}
