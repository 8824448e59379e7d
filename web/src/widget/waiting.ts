import type { Waiting } from "../shared/wire";

/** What somebody who waits for a person is told: the place, and by when. */
export function queueLine(waiting: Waiting | null): string {
  if (!waiting) return "正在为您转接人工客服，请稍候";
  const place = `您排在第 ${Math.max(1, waiting.place)} 位`;
  if (waiting.after_hours) {
    const back = waiting.back === null ? "人工客服回来后" : `人工客服 ${waiting.back} 上班后`;
    return `${place}，${back}按顺序回复；现在可以先问智能客服`;
  }
  const minutes = waiting.minutes === null ? "" : `，预计 ${Math.max(1, waiting.minutes)} 分钟`;
  return `正在转接人工客服，${place}${minutes}`;
}
