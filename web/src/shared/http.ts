/** JSON and pictures over fetch, with every failure turned into one error type whose message may be shown as it is. */

export class ApiError extends Error {
  constructor(
    message: string,
    /** The desk's error code; "network" when nothing answered, "timeout" when it took too long. */
    readonly code: string,
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
    /** Seconds the desk asks to wait, if it said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** True when the same request may succeed later without a change by the user. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const PLAIN: Record<number, string> = {
  401: "登录已过期，请重新打开",
  403: "没有权限做这个操作",
  404: "没有找到",
  409: "状态已经变了，请刷新后再试",
  413: "内容太长或太大了，请分几条发送",
  429: "发送太快了，请稍等几秒",
};

function seconds(value: string | null): number | null {
  const number = Number(value);
  return value !== null && Number.isFinite(number) && number >= 0 ? number : null;
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: { code?: string; message?: string } } | null)?.error;
  const fallback = PLAIN[response.status] ?? "服务暂时不可用，请稍后再试";
  return new ApiError(
    error?.message || fallback,
    error?.code || `http_${response.status}`,
    response.status,
    seconds(response.headers.get("Retry-After")),
  );
}

export interface AskOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of a body. */
  content?: Blob;
  headers?: Record<string, string>;
  timeout?: number;
}

/** Ask `path` for JSON; POST when there is something to send. Raises ApiError, and nothing else. */
export function ask<T>(path: string, options: AskOptions = {}): Promise<T> {
  return asked(path, options, async (response) => (response.status === 204 ? null : await response.json()) as T);
}

/** Ask `path` for a picture. Raises ApiError, and nothing else. */
export function askPicture(path: string, headers: Record<string, string> = {}): Promise<Blob> {
  return asked(path, { headers: { Accept: "image/jpeg, application/json", ...headers } }, (response) => response.blob());
}

function sent(options: AskOptions): { type: string; body: BodyInit } | null {
  if (options.content) return { type: "application/octet-stream", body: options.content };
  return options.body === undefined ? null : { type: "application/json", body: JSON.stringify(options.body) };
}

async function asked<T>(path: string, options: AskOptions, read: (response: Response) => Promise<T>): Promise<T> {
  const sending = sent(options);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeout ?? 15_000);
  try {
    const response = await fetch(path, {
      method: sending ? "POST" : "GET",
      credentials: "same-origin",
      cache: "no-store",
      signal: abort.signal,
      headers: {
        Accept: "application/json",
        ...(sending ? { "Content-Type": sending.type } : {}),
        ...options.headers,
      },
      ...(sending ? { body: sending.body } : {}),
    });
    if (!response.ok) throw await refusal(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (abort.signal.aborted) throw new ApiError("网络太慢，没有收到回应", "timeout", 0);
    throw new ApiError("网络不通，请检查网络", "network", 0);
  } finally {
    clearTimeout(timer);
  }
}
