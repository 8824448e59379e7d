/** How long somebody has waited: 不到1分钟, 5分钟, 2小时10分. */
export function waited(since: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (Number.isNaN(minutes)) return "";
  if (minutes < 1) return "不到1分钟";
  if (minutes < 60) return `${minutes}分钟`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)}天`;
  return minutes % 60 ? `${hours}小时${minutes % 60}分` : `${hours}小时`;
}
