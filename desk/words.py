"""Every Chinese line that the desk itself says: system lines to shoppers and agents, and errors."""

from __future__ import annotations

BOT_NAME = "智能客服"
VISITOR = "访客"
PICTURE = "[图片]"
"""In the place of a picture, wherever only words are shown."""

LINES = {
    "waiting": "正在为您转接人工客服，请稍候，您可以继续留言。",
    "waiting_later": "已为您排队，人工客服{back}上班后按顺序回复您。这期间智能客服继续为您解答。",
    "waiting_away": "已为您排队，人工客服正在休假，回来后按顺序回复您。这期间智能客服继续为您解答。",
    "bot_failed": "这个问题智能客服没能处理好，已为您转接人工客服，消息都已保留。",
    "bot_failed_later": "这个问题智能客服没能处理好，已留给人工客服，{back}上班后回复您。其他问题请继续问。",
    "bot_failed_away": "这个问题智能客服没能处理好，已留给人工客服，休假回来后回复您。其他问题请继续问。",
    "human_started": "{who}为您服务。",
    "human_ended": "人工服务已结束，接下来由智能客服为您服务。",
    "closed": "本次会话已结束，有问题随时再发消息。",
    "reopened": "会话已重新开始。",
    "bot_down": "智能客服暂时繁忙，您的消息已收到并保留，恢复后会马上回复您。",
    "truncated": "您的消息较长，智能客服先阅读了前 {limit} 个字，全文已保留给人工客服。",
    "written": "您刚才确认的事已经办好，详情以订单为准。",
}
"""System lines by code."""

ERRORS: dict[str, tuple[int, str]] = {
    "bad_json": (400, "请求内容不是有效的 JSON(UTF-8 编码)。"),
    "bad_field": (400, "{field}：应为{expected}。"),
    "empty": (400, "消息是空的，请写点内容再发送。"),
    "unknown_button": (400, "这个选项已失效，请直接输入您的问题。"),
    "bad_request": (400, "请求有误，请检查后再试。"),
    "bad_token": (401, "登录信息无效或已过期，请刷新商店页面后再试。"),
    "bad_key": (401, "会话凭证无效，请重新打开聊天窗口。"),
    "not_logged_in": (401, "请先登录。"),
    "bad_login": (401, "用户名或密码不正确。"),
    "bad_origin": (403, "不允许从这个网站访问。"),
    "forbidden": (403, "没有权限。"),
    "csrf": (403, "页面已过期，请刷新后再试。"),
    "password_change_required": (403, "首次登录请先修改密码。"),
    "not_found": (404, "没有找到。"),
    "method_not_allowed": (405, "不支持这种请求方式。"),
    "no_outcome": (400, "请写一句办结说明，例如怎么处理的、答复了什么。"),
    "conflict": (409, "{why}"),
    "too_long": (413, "消息太长了，最多 {limit} 个字，请分几条发送。"),
    "too_large": (413, "请求内容太大，最多 {limit} KB。"),
    "picture_empty": (400, "没有收到图片，请重新选一张再发。"),
    "picture_broken": (400, "这张图片不完整或已损坏，打不开。请重新选一张，或截图后再发。"),
    "picture_large": (413, "图片太大了，最大 {limit} MB。请截图后再发，或先在相册里压缩。"),
    "picture_pixels": (413, "图片尺寸太大了，最多 {limit} 万像素。请截图后再发，或先在相册里缩小。"),
    "picture_kind": (415, "只能发 JPG、PNG、WebP 或 GIF 图片，这个文件不是。请换一张，或截图后再发。"),
    "picture_heic": (
        415,
        "这是 HEIC 格式的照片，暂时打不开。请截图后再发，或在手机“设置-相机-格式”里选“兼容性最佳”再拍。",
    ),
    "pictures_full": (409, "24 小时内最多发 {limit} 张图片，已经够多了。请用文字补充，或者转人工客服看看。"),
    "pictures_off": (409, "现在还不能发图片，请先用文字说明，或者转人工客服。"),
    "too_many_pictures": (429, "图片发得太快了，请 {seconds} 秒后再试，这张图片还没有发出。"),
    "picture_sealed": (503, "这张图片现在打不开。"),
    "picture_slow": (503, "网络太慢，图片没有传完。请换个网络，或截图后再发。"),
    "unsupported_type": (415, "请求内容应为 application/json。"),
    "too_many": (429, "消息发得太快了，请 {seconds} 秒后再试，这条消息还没有发出。"),
    "locked_out": (429, "登录失败次数过多，请 15 分钟后再试。"),
    "weak_password": (400, "{why}"),
    "server_error": (500, "服务器出了点问题，请稍后再试。"),
    "not_built": (503, "前端页面还没有构建，请先运行 make web，再刷新本页。"),
}
"""HTTP status and message by error code."""

STATUS_NAMES = {"bot": "智能客服接待中", "waiting": "等待人工", "human": "人工接待中", "closed": "已结束"}
ROLE_NAMES = {"sales": "售前", "aftersales": "售后", "complaint": "投诉", "packing": "打包发货"}
TASK_NAMES = {"complaint": "投诉", "followup": "跟进", "callback": "回电", "failed_write": "补办"}
DOUBT = "买家确认了一项操作，结果还不知道，请先核对订单再答复。确认的内容：{asked}"
DONE_LATER = "后来办成了，不用再办。"
TASK_TAKEN = "这件事{who}已经在办。"
TASK_CLOSED = "这件事已由{who}办结。"
TAKEN = "会话已由{who}接待。"
NOT_YOURS = "会话现在由{who}接待，接入后才能操作。"
WRONG_STATUS = "会话{status}，不能{move}。"
MOVE_NAMES = {
    "hand_over": "转人工",
    "take": "接入",
    "hand_back": "交还智能客服",
    "close": "结束",
    "reopen": "重新开始",
}

HOURS = "人工客服：周一至周五 {weekdays}，周末 {weekends}；智能客服全天在线"
GREETING = "您好，我是{shop}的智能客服，尺码、库存、物流、退换货都可以问我；需要真人时点“找人工”。"
SUGGESTIONS = {
    "product": ("这款怎么选尺码", "这款有货吗", "今天下单什么时候发货", "现在有什么优惠"),
    "order": ("我的快递到哪了", "这个订单可以退换吗", "怎么开发票", "帮我催一下发货"),
    "": ("我的快递到哪了", "七天无理由怎么退", "什么时候发货", "有什么优惠活动"),
}
"""Four likely questions by the kind of page the shopper is on."""
