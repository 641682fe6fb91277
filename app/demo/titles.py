"""The words of the demo county: sober titles and texts, the same for the same seed."""

from __future__ import annotations

from zlib import crc32

PLACES = (
    "青溪镇",
    "石桥镇",
    "柳湾镇",
    "南坪村",
    "东岭社区",
    "北苑社区",
    "云岚新城",
    "垚圩村",
    "西河片区",
    "长堤街区",
)
PATTERNS = {
    "news": (
        "{place}扎实推进农村人居环境整治工作",
        "我市召开{place}重点项目建设推进会",
        "市领导到{place}调研安全生产工作",
        "{place}开展义务植树活动",
        "{place}文化惠民演出走进基层",
        "全市冬春火灾防控工作在{place}现场推进",
        "{place}秋粮收购工作平稳有序",
        "{place}便民服务中心完成适老化改造",
        "志愿服务队走进{place}宣传反诈知识",
        "{place}老旧小区改造项目完成竣工验收",
        "{place}举办就业创业专场招聘活动",
        "{place}河道清淤工程全面完工",
    ),
    "notice": (
        "关于{place}自来水管网检修临时停水的通知",
        "关于{place}部分路段交通组织调整的公告",
        "关于征求{place}停车管理办法意见的公告",
        "关于开展{place}城乡居民医保参保登记的通知",
        "关于{place}公共租赁住房申请受理的公告",
        "关于{place}农贸市场搬迁有关事项的通告",
        "关于{place}疫苗接种门诊服务安排的通知",
        "关于{place}国有土地上房屋征收的公告",
        "关于{place}公开招聘编外人员的公告",
        "关于{place}电力线路检修停电的通知",
        "关于命名{place}文明示范点的通报",
        "关于{place}秸秆禁烧工作的通告",
    ),
    "policy": (
        "市政府关于印发{place}城市更新实施方案的通知",
        "市政府办公室关于加强{place}水源地保护的意见",
        "市政府关于{place}国土空间规划的批复",
        "市政府办公室关于调整{place}工作领导小组的通知",
        "市政府关于公布{place}文物保护单位的通知",
        "市政府办公室关于印发{place}防汛预案的通知",
        "市政府关于支持{place}产业园区发展的若干意见",
        "市政府办公室关于推进{place}数字乡村建设的通知",
        "市政府关于表扬{place}先进集体的决定",
        "市政府办公室关于{place}公共交通优化的通知",
        "市政府关于{place}耕地保护责任目标的通知",
        "市政府办公室关于{place}养老服务设施布局的通知",
    ),
    "interpretation": (
        "一图读懂：{place}城市更新实施方案",
        "《{place}水源地保护意见》政策解读",
        "部门负责人解读{place}产业扶持政策",
        "《{place}公共租赁住房管理办法》解读",
        "问答：{place}城乡居民医保参保政策",
        "《{place}停车管理办法》起草说明",
        "图解：{place}学前教育普惠政策",
        "《{place}秸秆综合利用方案》政策解读",
        "专家解读{place}数字乡村建设意见",
        "《{place}防汛应急预案》解读",
        "一问一答：{place}居家养老服务补贴",
        "《{place}公共交通优化方案》政策解读",
    ),
    "service": (
        "{place}便民服务：农村宅基地审批办事指南",
        "{place}便民服务：老年人优待证办理指南",
        "{place}便民服务：小型餐饮店登记办事指南",
        "{place}便民服务：临时救助申请办事指南",
        "{place}便民服务：残疾人证换发办事指南",
        "{place}便民服务：生育登记办事指南",
    ),
    "bodies": (
        "综合科主要职责（{place}）",
        "政务公开科主要职责（{place}）",
        "政策法规科主要职责（{place}）",
        "督查科主要职责（{place}）",
        "后勤服务中心主要职责（{place}）",
        "信息中心主要职责（{place}）",
        "接待科主要职责（{place}）",
        "机要科主要职责（{place}）",
        "行政审批科主要职责（{place}）",
        "财务科主要职责（{place}）",
        "人事科主要职责（{place}）",
        "值班室主要职责（{place}）",
    ),
    "letter": (
        "咨询{place}公交线路调整事宜",
        "反映{place}路灯不亮的问题",
        "建议在{place}增设便民停车位",
        "咨询{place}老年人体检预约方式",
        "反映{place}雨后道路积水问题",
        "咨询{place}入学报名所需材料",
        "反映{place}夜间施工噪声问题",
        "建议{place}增加图书流动服务点",
        "咨询{place}农房翻建审批流程",
        "反映{place}垃圾清运不及时问题",
        "咨询{place}灵活就业参保办法",
        "求助{place}自来水水压偏低",
    ),
}
POOLS = {
    "service": "service",
    "notice": "notice",
    "policy_doc": "policy",
    "plan": "policy",
    "interpretation": "interpretation",
    "institution": "bodies",
    "letter": "letter",
}


def titles(seed: str, column_class: str, count: int) -> tuple[str, ...]:
    """Which titles does this list carry? All different up to 120, the same on every call."""
    patterns = PATTERNS[POOLS.get(column_class, "news")]
    start = crc32(seed.encode())
    return tuple(
        patterns[(start + i) % len(patterns)].format(
            place=PLACES[(start // 12 + 3 * i + i // len(patterns)) % len(PLACES)]
        )
        for i in range(count)
    )


def paragraphs(title: str, unit: str) -> tuple[str, ...]:
    """What does the page under this title say? No dates, so that none can be misread."""
    return (
        f"{unit}围绕“{title}”安排部署有关工作，明确任务分工和完成时限，确保各项措施落到实处。",
        "下一步，有关单位将加强协作配合，健全长效机制，及时公开进展情况，自觉接受社会监督。",
        "本页为虚构的演示内容，地名、单位和事项均不指向任何真实对象。",
    )
