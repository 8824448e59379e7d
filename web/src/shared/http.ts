/** JSON over fetch, with every failure turned into one error type whose message may be shown as it is. */

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
  413: "内容太长了，请分几条发送",
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

/** Ask `path` for JSON; POST when there is a body. Raises ApiError, and nothing else. */
export async function ask<T>(
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; timeout?: number } = {},
): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeout ?? 15_000);
  try {
    const response = await fetch(path, {
      method: options.body === undefined ? "GET" : "POST",
      credentials: "same-origin",
      cache: "no-store",
      signal: abort.signal,
      headers: {
        Accept: "application/json",
        ...(options.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (!response.ok) throw await refusal(response);
    return (response.status === 204 ? null : await response.json()) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (abort.signal.aborted) throw new ApiError("网络太慢，没有收到回应", "timeout", 0);
    throw new ApiError("网络不通，请检查网络", "network", 0);
  } finally {
    clearTimeout(timer);
  }
}
