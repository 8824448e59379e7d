"""The check-up of a language model: one real question, of which no customer's word is a part."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import ShopDown
from bot.reply.failures import SECONDS, LlmFailed
from bot.reply.llm import Llm
from bot.reply.usage import TOTAL, Bill, Budget, Usage
from bot.settings import LOOPBACK, Settings

SLOW = 4.0
"""Seconds for two words from which on drafts will often come too late."""
TROUBLE = {
    "unreachable": ("连不上", "检查 XIAOER_LLM_BASE_URL,并确认大模型服务已经启动"),
    "slow": (f"{SECONDS:g} 秒内没有回答", "换一个更小或更近的模型;在此之前回复都用模板"),
    "key": ("不接受密钥", "检查 XIAOER_LLM_API_KEY"),
    "model": ("没有这个模型或地址", "检查 XIAOER_LLM_MODEL;XIAOER_LLM_BASE_URL 一般以 /v1 结尾"),
    "busy": ("请求太多,被限流(HTTP 429)", "向服务商提高额度,或稍后再试"),
    "server": ("服务出错(HTTP 5xx)", "看大模型服务自己的日志"),
    "refused": ("不接受请求(HTTP 4xx)", "确认它支持 OpenAI 的 chat/completions 接口"),
    "garbage": ("回答不是 OpenAI 的格式,可能是网页", "检查 XIAOER_LLM_BASE_URL,一般以 /v1 结尾"),
    "empty": ("回答是空的", "换一个模型,或看大模型服务自己的日志"),
    "cut": ("回答到一半断开了", "看大模型服务自己的日志和网络"),
    "huge": ("回答没完没了", "换一个听从字数限制的模型"),
}
"""What is wrong and what to do, by reason."""


@dataclass(frozen=True)
class Checked:
    """How the model answered: `trouble` and `advice` are empty if all is well."""

    seconds: float
    trouble: str = ""
    advice: str = ""


def ask(settings: Settings) -> Checked:
    """Ask the model once, as the bot would, and time it."""
    return asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> Checked:
    llm = Llm(settings, Usage(settings.access_url, Budget.of(settings)))
    started = time.monotonic()
    try:
        await llm.check()
    except LlmFailed as failure:
        return Checked(time.monotonic() - started, *TROUBLE[failure.reason])
    finally:
        await llm.close()
    seconds = time.monotonic() - started
    if seconds > SLOW:
        return Checked(seconds, f"很慢,答两个字用了 {seconds:.1f} 秒", TROUBLE["slow"][1])
    return Checked(seconds)


def is_open_to_ears(settings: Settings) -> bool:
    """Whether key and texts would cross a network unencrypted."""
    url = urlsplit(settings.llm_base_url)
    return url.scheme == "http" and url.hostname not in LOOPBACK


def used_today(settings: Settings) -> str:
    """Today's calls, tokens and yuan in words, beside the limits; empty where nothing is counted yet."""
    usage = Usage(settings.access_url, Budget.of(settings))
    try:
        used = usage.of(Bill(TOTAL, settings.now().date()))
    except ShopDown:
        return ""
    finally:
        usage.close()
    tokens = f"{used.tokens_in + used.tokens_out} token"
    tokens += f"(上限 {settings.llm_daily_tokens})" if settings.llm_daily_tokens else ""
    money = f"、{used.micros / 1e6:.2f} 元" if used.micros else ""
    money += f"(上限 {settings.llm_daily_money} 元)" if settings.llm_daily_money else ""
    return f"今天问了 {used.calls} 次,用了 {tokens}{money}"
