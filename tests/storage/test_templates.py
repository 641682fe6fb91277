"""Which head stands for which field: never guessed between two, never taken from nowhere."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.sheets import UploadError, same_head
from storage.templates import (
    SYNONYMS,
    Kind,
    Template,
    fields_of,
    fit,
    guess,
    heads_of,
    load,
    save,
)

POSTS = Template("wx", "posts", {"title": "内容标题", "published": "发表时间"})


def told(call: Callable[[], object]) -> list[str]:
    with pytest.raises(UploadError) as refused:
        call()
    return str(refused.value).splitlines()


def write(folder: Path, text: str, name: str = "posts-wx") -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_heads_of_back_ends_are_known() -> None:
    heads = [
        "序号",
        "内容标题",
        "发表时间",
        "总阅读人数",
        "内容URL",
        "评论数",
        "作者回复数",
        "账号",
    ]
    assert guess("posts", heads).columns == {
        "title": "内容标题",
        "url": "内容URL",
        "published": "发表时间",
        "comments": "评论数",
        "replies": "作者回复数",
        "account": "账号",
    }
    heads = [
        "工单号",
        "诉求标题",
        "诉求时间",
        "受理时间",
        "答复时间",
        "承办单位",
        "状态",
        "诉求类型",
    ]
    assert guess("letters", [*heads, "延期至", "审批人", "延期理由"]).columns == {
        "number": "工单号",
        "title": "诉求标题",
        "received": "诉求时间",
        "accepted": "受理时间",
        "replied": "答复时间",
        "unit": "承办单位",
        "status": "状态",
        "category": "诉求类型",
        "extended_to": "延期至",
        "approved_by": "审批人",
        "reason": "延期理由",
    }


@pytest.mark.parametrize("kind", ["posts", "letters"])
def test_no_head_stands_for_two_fields(kind: Kind) -> None:
    table = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))[kind]["heads"]
    heads = [same_head(head) for field in fields_of(kind) for head in table[field]]
    assert len(heads) == len(set(heads)) == len(heads_of(kind))


def test_two_heads_for_one_field_are_for_a_person_to_choose() -> None:
    assert told(lambda: guess("posts", ["标题", "发布时间", "推送时间"])) == [
        "表头：有 1 处错误，未导入任何内容，已有数据保持不变。",
        "发布时间（published）：发布时间、推送时间 都可能是，请在模板 templates/posts-名称.toml 的 "
        '[columns] 中写明，如 published = "发布时间"，并用 --template 名称 指定'
        "（全部字段均须写入模板）",
    ]


@pytest.mark.parametrize(
    ("kind", "heads", "lines"),
    [
        ("posts", ["标题"], ["缺少 发布时间（published），文件的表头为：标题"]),
        (
            "posts",
            ["日期", "阅读数"],
            ["缺少 标题（title） 或 链接（url），文件的表头为：日期、阅读数"],
        ),
        (
            "letters",
            ["标题"],
            [
                "缺少 信件编号（number），文件的表头为：标题",
                "缺少 来信时间（received） 或 受理时间（accepted），文件的表头为：标题",
            ],
        ),
    ],
)
def test_what_is_required_and_missing_is_named(
    kind: Kind, heads: list[str], lines: list[str]
) -> None:
    assert told(lambda: guess(kind, heads))[1:] == lines


def test_a_letter_may_be_timed_by_its_acceptance_alone() -> None:
    assert guess("letters", ["编号", "受理时间"]).columns == {
        "number": "编号",
        "accepted": "受理时间",
    }


def test_a_template_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    odd = Template("微-信_1", "posts", {"title": 'a"\\\x7f𠮷', "published": "发表时间"})
    path = save(tmp_path / "templates", odd)
    assert path == tmp_path / "templates" / "posts-微-信_1.toml"
    assert load(tmp_path / "templates", "posts", "微-信_1") == odd


def test_a_template_of_the_same_name_is_not_replaced(tmp_path: Path) -> None:
    save(tmp_path, POSTS)
    assert save(tmp_path, POSTS) == tmp_path / "posts-wx.toml"
    other = Template("wx", "posts", {"url": "链接", "published": "日期"})
    assert told(lambda: save(tmp_path, other))[1:] == [
        "已有同名模板，所写表头与本次不同；请另取名称，或先删除该文件"
    ]
    assert load(tmp_path, "posts", "wx") == POSTS


def test_a_template_fits_a_file_whose_heads_differ_in_width_and_case() -> None:
    template = Template("wx", "posts", {"url": "内容url", "published": "发表时间"})
    assert fit(template, ["内容URL", "发表时间"]).columns == {
        "url": "内容URL",
        "published": "发表时间",
    }
    assert told(lambda: fit(template, ["发表时间", "链接"])) == [
        "模板 wx：有 1 处错误，未导入任何内容，已有数据保持不变。",
        "链接（url）：文件中没有表头“内容url”，文件的表头为：发表时间、链接",
    ]


FIELDS = (
    "title（标题）、url（链接）、published（发布时间）、comments（评论数）、replies（回复数）、"
    "state（发布状态）、account（账号）"
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[columns]\n", ["缺少 发布时间（published）", "缺少 标题（title） 或 链接（url）"]),
        (
            "x = 1\n",
            ["x：未知的键，应只有 [columns]", "应有一段 [columns]，每行写作 字段 = “表头”"],
        ),
        (
            '[columns]\npublished = "日期"\nreads = "阅读"\ntitle = 3\nurl = " 日期"\n',
            [
                f"reads：未知的字段，应为 {FIELDS}",
                "title：3，应为文件中的一个表头",
                "url：表头“ 日期”已用于 published，每个字段应各有一个表头",
            ],
        ),
    ],
)
def test_everything_wrong_with_a_template_is_told(
    tmp_path: Path, text: str, lines: list[str]
) -> None:
    write(tmp_path, text)
    head, *rest = told(lambda: load(tmp_path, "posts", "wx"))
    assert head.startswith("templates/posts-wx.toml：有 ")
    assert rest == lines


def test_a_template_that_is_no_toml_or_not_there_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "[columns\n")
    assert "不是合法的 TOML 文件" in told(lambda: load(tmp_path, "posts", "wx"))[1]
    assert told(lambda: load(tmp_path, "posts", "no"))[1] == "没有这个模板。现有：wx"
    assert told(lambda: load(tmp_path, "letters", "no"))[1] == "没有这个模板。现有：（无）"


@pytest.mark.parametrize("name", ["", "../x", "a b", "a" * 41])
def test_a_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    assert "应为字母、数字、汉字" in told(lambda: load(tmp_path, "posts", name))[1]
