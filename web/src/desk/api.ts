/** The agents' API: the session travels in a cookie, every change carries the CSRF token. */

import { ask, askPicture } from "../shared/http";
import type { ChatEvent, Outgoing, Status } from "../shared/wire";

export interface Me {
  username: string;
  name: string;
  role: "owner" | "agent";
  must_change_password: boolean;
}

export interface Summary {
  id: string;
  status: Status;
  shopper: string;
  last_text: string;
  last_at: string | null;
  waiting_since: string | null;
  /** Asked for a person when none was at work. */
  after_hours: boolean;
  mood: string;
  role: string;
  reason: string;
  assignee: string | null;
  mine: boolean;
}

/** Something that a person is to do for a shopper. */
export interface Task {
  id: number;
  conversation: string;
  shopper: string;
  kind: string;
  role: string;
  /** "" when it is about no order. */
  order: string;
  wish: string;
  due: string;
  overdue: boolean;
  created_at: string;
  /** Who sees to it. */
  assignee: string | null;
  mine: boolean;
  closed_at: string | null;
  closed_by: string;
  outcome: string;
}

export interface TaskCounts {
  open: number;
  overdue: number;
}

export interface DeskEvents {
  events: ChatEvent[];
  conversation: Summary;
  /** All that was written down in this conversation, newest first. */
  tasks: Task[];
  status: Status;
  assignee: string | null;
  epoch: number;
  last: number;
}

/** What in a draft might better be said otherwise. */
export interface Finding {
  span: string;
  why: string;
  expected: string;
}

export type Move = "take" | "return" | "close";

function token(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

function change<T>(path: string, body: unknown = {}): Promise<T> {
  return ask<T>(path, { body, headers: { "X-CSRFToken": token() } });
}

const conversation = (id: string): string => `/api/desk/conversations/${encodeURIComponent(id)}`;

export const me = (): Promise<Me> => ask<Me>("/api/desk/me");
export const login = (username: string, password: string): Promise<Me> =>
  change<Me>("/api/desk/login", { username, password });
export const logout = (): Promise<null> => change<null>("/api/desk/logout");
export const newPassword = (old: string, fresh: string): Promise<null> =>
  change<null>("/api/desk/password", { old, new: fresh });
export const conversations = (): Promise<{ conversations: Summary[]; tasks: TaskCounts; working_hours: boolean }> =>
  ask("/api/desk/conversations");
export const tasks = async (role: string, mine: boolean): Promise<Task[]> =>
  (await ask<{ tasks: Task[] }>(`/api/desk/tasks?role=${role}${mine ? "&mine=1" : ""}`)).tasks;
export const takeTask = (id: number): Promise<{ task: Task }> => change(`/api/desk/tasks/${id}/take`);
export const closeTask = (id: number, outcome: string): Promise<{ task: Task }> =>
  change(`/api/desk/tasks/${id}/close`, { outcome });
export const events = (id: string, after: number): Promise<DeskEvents> =>
  ask<DeskEvents>(`${conversation(id)}/events?after=${after}`);
export const move = (id: string, what: Move): Promise<{ status: Status; epoch: number }> =>
  change(`${conversation(id)}/${what}`);
export const say = async (id: string, outgoing: Outgoing): Promise<ChatEvent> =>
  (await change<{ event: ChatEvent }>(`${conversation(id)}/messages`, outgoing)).event;
export const picture = (id: string, number: string, size: "thumb" | "full"): Promise<Blob> =>
  askPicture(`${conversation(id)}/pictures/${encodeURIComponent(number)}${size === "thumb" ? "?size=thumb" : ""}`);
export const lint = async (text: string): Promise<Finding[]> =>
  (await change<{ findings: Finding[] }>("/api/desk/lint", { text })).findings;
