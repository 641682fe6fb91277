"""What pages and services call the fields of a letter that tell who wrote it, and what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from crawler.readers.mail.keys import field_of_key, plain_key
from crawler.readers.mail.words import field_of

MASK = "***"


class Kind(StrEnum):
    """What was masked. `TEXT` is the letter's own text: no rule asks what it says."""

    NAME = "names"
    PHONE = "phones"
    IDENTITY = "identities"
    MAIL = "mails"
    ADDRESS = "addresses"
    TEXT = "texts"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.NAME: "姓名",
    Kind.PHONE: "电话",
    Kind.IDENTITY: "证件号码",
    Kind.MAIL: "邮箱等账号",
    Kind.ADDRESS: "住址",
    Kind.TEXT: "来信正文",
}

# Who answers or handles a letter is an official and not listed.
LABELS: Mapping[Kind, str] = {
    Kind.NAME: """
        姓名 真实姓名 您的姓名 来信人姓名 写信人姓名 留言人姓名 联系人姓名 申请人姓名 来信人
        来信者 来件人 写信人 写信者 发信人 发件人 寄信人 寄件人 留言人 留言者 投诉人 举报人
        咨询人 咨询者 提问人 提问者 提问网友 求助人 申请人 反映人 信访人 诉求人 诉求者 建议人
        建言人 提交人 联系人 当事人 网友 网友昵称 网友姓名 网友名称 昵称 网名 称呼 署名
        用户 用户名 用户名称 用户昵称 来信作者 市民姓名 信件作者""",
    Kind.PHONE: """
        电话 联系电话 手机 手机号 手机号码 联系手机 联系方式 电话号码 座机 固定电话 固话
        来信人电话 移动电话 联系人电话 申请人电话""",
    Kind.IDENTITY: """
        身份证 身份证号 身份证号码 身份证件号码 公民身份号码 证件号 证件号码""",
    Kind.MAIL: """
        邮箱 电子邮箱 电子邮件 邮件地址 邮箱地址 联系邮箱 Email E-mail QQ QQ号 微信 微信号""",
    Kind.ADDRESS: """
        地址 住址 家庭住址 家庭地址 联系地址 通讯地址 通信地址 居住地址 居住地 现住址
        户籍地址 户籍所在地 来信人地址 详细地址 邮寄地址 居住小区""",
    Kind.TEXT: """
        来信内容 来信正文 信件内容 信件正文 信件详情 写信内容 留言内容 咨询内容 诉求内容
        投诉内容 举报内容 求助内容 反映内容 提问内容 建议内容 问题内容 问题描述 诉求描述
        问题详情 诉求详情 反映问题 反映情况 主要内容 正文 内容""",
}
KEYS: Mapping[Kind, str] = {
    Kind.NAME: """
        username realname truename fullname nickname writer writername writename lettername
        mailname linkman linkname contactname contactperson applyname applyer applicant
        applicantname askname asker askuser requestname requestuser sender sendername
        submitname submitter submituser consultname complainant complainname personname
        citizenname usernick membername sqname sqr sqrxm xm xingming lxr lxrxm xxr xxrxm
        tsr tsrxm lyr lyrxm zxr zxrxm twr qzr fyr fyrxm wangyou nicheng yhm
        linkperson customername visitor visitorname""",
    Kind.PHONE: """
        phone phoneno phonenumber phonenum telephone telephoneno tel telno telnum mobile
        mobileno mobilephone mobiletel cellphone cell linktel linkphone contacttel
        contactphone contactnumber userphone usertel sjh sjhm lxdh lxfs dh dhhm shouji
        dianhua""",
    Kind.IDENTITY: """
        idcard idcardno idcardnum idno idnumber cardno cardid cardnumber identity
        identityno identitycard certno certnum certificateno sfz sfzh sfzhm zjh zjhm""",
    Kind.MAIL: """
        email mailaddress emailaddress usermail useremail qq qqno wechat weixin openid
        dzyx yx youxiang""",
    Kind.ADDRESS: """
        address addr linkaddress contactaddress homeaddress useraddress writeraddress
        livingaddress zz jtzz lxdz txdz dz zhuzhi dizhi""",
    Kind.TEXT: """
        content lettercontent mailcontent sqcontent casecontent consultcontent askcontent
        questioncontent question requestcontent complaincontent complaintcontent
        suggestcontent problemcontent problemdescription description letterbody mailbody
        xjnr lxnr lynr tsnr zxnr twnr fynr wtms wtnr nr neirong""",
}
# These name persons in one place and units or menus in another: their values decide.
_UNSURE = frozenset({"name", "user", "author"})

_KIND_OF_LABEL = {
    word.replace("-", "").lower(): kind for kind, words in LABELS.items() for word in words.split()
}
_KIND_OF_KEY = {key: kind for kind, keys in KEYS.items() for key in keys.split()}
_NOT_WORDS = re.compile(r"[\W_]")
_KEY_PARTS = re.compile(r"[^A-Za-z0-9]+|(?<=lbl)|(?<=txt)")
_LONGEST_LABEL = 16

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
    "钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路"
    "岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋"
    "植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉"
    "简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐"
    "虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺"
)
_PERSON = re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]{{1,3}}|[\u4e00-\u9fff]{{1,2}}[*＊×某○].{{0,4}}")
# Words in the writer's place that name nobody.
_NOBODY = re.compile(
    r"(?:匿名|实名|热心|普通)?(?:用户|网友|市民|群众|居民|村民|业主|家长|学生|游客|来信人|先生|女士)?"
    r"|不?公开|保密|不详|无|空|暂无|未填写?|[-—/*＊×\s]*"
)


def kind_of_label(label: str) -> Kind | None:
    """What of a person does this head cell or label name? None where it names nothing of one."""
    if len(label) > _LONGEST_LABEL or field_of(label) is not None:
        return None
    return _KIND_OF_LABEL.get(_NOT_WORDS.sub("", label).lower())


def kind_of_key(key: str, value: object = None, *, letter: bool = False) -> Kind | None:
    """What of a person does this key hold? `letter`: the object around it is a letter."""
    plain = plain_key(key)
    if field_of_key(key) is not None:
        return None
    if plain in _UNSURE and isinstance(value, str):
        return Kind.NAME if letter or is_person(value) else None
    return _KIND_OF_KEY.get(plain)


def kind_of_control(name: str) -> Kind | None:
    """What of a person does an element of this id, name or class show: lbl_linkTel, user-name?"""
    kinds = (kind_of_key(part) for part in (name, *_KEY_PARTS.split(name)) if part)
    return next((kind for kind in kinds if kind is not None and kind is not Kind.TEXT), None)


def is_person(value: str) -> bool:
    """Is this, standing alone, a Chinese name as far as its form tells?"""
    return len(value) <= 6 and _PERSON.fullmatch(value) is not None


def is_nobody(value: str) -> bool:
    """Does this value tell of nobody: a blank, a mask, or 匿名?"""
    return _NOBODY.fullmatch(value.strip()) is not None
