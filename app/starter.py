"""What `xunjian init` writes: a home directory with commented files to fill in."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
# 巡检设置。任何一项都可用环境变量 XUNJIAN_段名__键名 覆盖，如 XUNJIAN_MAIL__HOST。
# 邮箱密码只从环境变量 XUNJIAN_MAIL_PASSWORD 读取，不写入文件。

[crawl]
delay_seconds = 1.0           # 同一主机两次访问的间隔（秒）
concurrency = 8               # 同时访问的页面数
timeout_seconds = 15          # 单个页面的总时限（秒）
max_bytes = 8388608           # 单个页面的最大字节数（解压后）
obey_robots = true            # 遵守 robots.txt
contact = ""                  # 写入 User-Agent 的联系方式，如 mailto:office@example.gov.cn
allow_private_networks = []   # 允许访问的内网网段，如 ["10.0.0.0/8"]；默认一律不访问内网
chromium = ""                 # 浏览器程序的路径，供 render = true 的栏目使用；不填则自动查找

[probe]
# 判断本机网络是否畅通的对照主机，如 ["https://www.example.cn/", "dns.example.cn:53"]，宜设三个互不
# 相关的；全部连接不上时，该轮探测不计入任何网站；不设则不作此项检查。
check_hosts = []

[links]                       # 链接可用性；只在所用指标集有此项时检查
per_site_per_day = 200        # 每站每天最多检查的链接数，也是每台主机每天最多的请求数；0 为不检查
reuse_days = 7                # 能打开的链接，这么多天内不再检查
pages_per_site = 5            # 每个网站每天读取多少个栏目页的链接（首页每天读取）

[text]
terms = ""                    # 词表文件（数据目录下的 CSV，列为 kind,term,advice），如 "terms.csv"
articles = 30                 # 每日每网站抽查正文的篇数，0 为不抽查

[wechat]                      # 公众号官方接口，供来源方式为 wechat_api 的账号使用
# 凭证只从环境变量读取，不写入文件：编号为 wx-fabu 的账号用 XUNJIAN_WECHAT_APPID_WX_FABU 和
# XUNJIAN_WECHAT_SECRET_WX_FABU（编号改成大写，其他符号改成下划线）。本机出口地址须加入其IP白名单。
base_url = "https://api.weixin.qq.com"
lists_mass_sends = []         # 接口未必列出群发内容；与后台“发表记录”核对一致的账号，其编号列于此

[mail]
# host = "smtp.example.gov.cn"  # 不填则把邮件写成 outbox/ 下的 .eml 文件
# port = 465
# security = "ssl"              # ssl | starttls | none
# username = "xunjian@example.gov.cn"
# sender = "xunjian@example.gov.cn"
office = []                   # 办公室收件人
operator = []                 # 运维收件人；不填则发给办公室
leader = []                   # 分管领导；整改逾期5个工作日仍未反馈时发（见 escalation.toml）
unit_alerts = "confirmed"     # 发给责任单位：none 不发 | confirmed 经人核实的 | all 全部
quiet = ""                    # 免打扰时段，如 "18:00-08:30"：其间及休息日（按国务院放假安排）的提醒
                              # 延至下一工作时间发出；网站无法打开和发给运维的除外。不填则随时发出

[chat]                        # 群机器人：接收办公室提醒的摘要和网站无法打开的提醒
# 密钥只从环境变量读取，不写入文件：XUNJIAN_CHAT_WECOM_KEY（企业微信），
# XUNJIAN_CHAT_DINGTALK_TOKEN、XUNJIAN_CHAT_DINGTALK_SECRET（钉钉，加签密钥可不填），
# XUNJIAN_CHAT_FEISHU_TOKEN、XUNJIAN_CHAT_FEISHU_SECRET（飞书，签名密钥可不填）。
robots = []                   # wecom 企业微信 | dingtalk 钉钉 | feishu 飞书，可填多个；不填则不发
wecom_url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
dingtalk_url = "https://oapi.dingtalk.com/robot/send"
feishu_url = "https://open.feishu.cn/open-apis/bot/v2/hook"

[schedule]                    # xunjian serve 的计划（北京时间，cron 格式）；填 "" 则不自动运行
cycle = "30 7 * * *"          # 每日巡检
weekly = "30 8 * * mon"       # 上周周报
probe = "10,40 * * * *"       # 探测网站能否打开；每日应不少于20次，间隔应不少于20分钟
deliver = "*/10 * * * *"      # 发送待发邮件和群消息，包括此前未能发出的
quarterly = "0 9 1 1,4,7,10 *"   # 上季度检查通报草稿，发办公室
halfyear = "30 9 1 1,7 *"     # 上半年度考核得分草稿，发办公室
upkeep = "30 2 * * *"         # 按 [keep] 清理证据，核对证据链
dispatch = "* * * * *"        # 向巡检进程分派任务；只在 [workers] enabled = true 时运行

[service]
silent_hours = 26             # 超过多少小时没有一次成功的巡检，即邮件告知运维人员
ping = ""                     # 每次巡检成功后访问的地址，供外部监控发现本机停机；不填则不访问

[workers]                     # 由多个巡检进程（xunjian worker）分担查看，需要 PostgreSQL
enabled = false               # true 时 xunjian serve 自己不再查看，只分派任务
lots = 64                     # 登记册按域名分成多少批；约每20个网站一批
every_hours = 24              # 每个对象多少小时查看一次；临近时限的加倍，长期未变的减半
subjects_per_job = 2000       # 一次任务最多查看多少个对象

[rules]
packs = ["haian"]             # 采用的指标集；packs/ 下同名文件优先

[assessment]
scheme = "haian-default"      # 评分办法；schemes/ 下同名文件优先
reported_to = "市目标绩效考核办"   # 考核得分报送的单位，印作主送机关；不填则不印

[office]                      # 整改通知等公文的发文机关
name = ""                     # 发文机关全称，如 "某某市人民政府办公室"
red_head = false              # true 时加发文机关标志（红头），须填写 name
signed_by = ""                # 落款；不填则为 name，两者均不填则写“办公室”
contact = ""                  # 联系人和电话，印在整改通知中；不填则不印

[keep]                        # 证据保留天数（至少100天）；问题、考核、未结来信等所依据的证据不删除
columns = 730                 # 栏目页
sites = 730                   # 网站首页
mailboxes = 730               # 信箱页
accounts = 730                # 新媒体账号页
pages = 400                   # 文章、链接等其他页面
findings = 730                # 问题办结后，其对象在问题期间的全部证据再保留多久
mails = 730                   # 已发邮件的正文
entrances = 200               # 网页登录记录（含登录失败），不少于六个月
# budget_gib = 50             # 证据目录容量上限（GiB）；超过时从最早的可删证据删起

[web]
host = "127.0.0.1"
port = 8765
login_header = ""             # 统一登录时反向代理写登录名的请求头，如 "X-Remote-User"；不填为无
trusted_proxies = []          # 反向代理的地址，如 ["127.0.0.1"]；只相信来自这些地址的请求头

[log]                         # 运行日志；命令的日志总是写到标准错误输出
format = "text"               # text 文字 | json 每条一行 JSON
level = "info"                # 服务自身的日志级别：debug | info | warning | error
file = ""                     # 如 "logs/xunjian.log"；不填（各服务分开运行时）为标准错误输出
max_mib = 10                  # 日志文件写满多少 MiB 后另起一个
keep = 10                     # 保留多少个旧日志文件
"""
INVENTORY = """\
# 登记册。每行一个对象；也可用 xunjian inventory export-xlsx / import-xlsx 在 Excel 中维护。
# 填写后运行：xunjian inventory validate，再运行：xunjian inventory load

# [[unit]]
# id = "zfb"
# name = "市政府办公室"
# kind = "department"          # department | town | other
# emails = ["office@example.gov.cn"]

# [[site]]
# id = "portal"
# name = "市政府门户网站"
# home = "https://www.example.gov.cn/"
# unit = "zfb"
# code = "3206000000"          # 网站标识码
# portal = true

# [[column]]
# id = "zwdt"
# site = "portal"
# name = "政务动态"
# url = "https://www.example.gov.cn/zwdt/zwdt.html"
# class = "news"               # news notice policy_doc interpretation overview …
# unit = "zfb"
# render = true                # 列表由脚本生成时，用浏览器打开

# [[mailbox]]
# id = "szxx"
# site = "portal"
# name = "市长信箱"
# url = "https://www.example.gov.cn/szxx/"
# unit = "zfb"
# source = "page"              # page 公开页面 | export 来信不公开，由后台导出后导入（网址可不填）
# categories = ["咨询=3 working days"]   # 各类来信自己的答复时限，没有则不填

# [[account]]
# id = "wx"
# platform = "wechat"
# name = "本市发布"
# unit = "zfb"
# source = "feed"              # feed | weibo | wechat_api | page | csv | manual
# url = "https://feeds.example.gov.cn/wx.rss"
# platform_id = "gh_0123456789ab"   # 账号ID；另有 owner supervisor certified maintainer
# status = "open"              # open 正常 | closed 关停 | cancelled 注销 | changing 变更中
"""


def create(folder: Path) -> list[Path]:
    """Make the home directory; returns the files written. Existing files are left alone."""
    for name in ("packs", "schemes", "holidays", "evidence", "outbox", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in (("settings.toml", SETTINGS), ("inventory.toml", INVENTORY)):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
