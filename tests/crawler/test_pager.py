"""Where a list goes on: what links, scripts and services say, and what is never followed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.readers.page import Follow, Page
from crawler.readers.pager import Turns, turns_of
from crawler.readers.scripted import as_folder

TODAY = date(2026, 11, 22)
HOST = "https://www.example.gov.cn"
COLUMN = f"{HOST}/zwgk/tzgg/index.html"
SECONDS = 20


def turns(html: str, url: str = COLUMN) -> Turns:
    return turns_of(Page(url, f"<!-- synthetic --><body>{html}".encode(), TODAY))


def places(found: Turns) -> tuple[str | None, str | None, str | None]:
    """Next, previous and last as paths."""
    follows = (found.following, found.previous, found.last)
    nexts, before, last = (each.url.removeprefix(HOST) if each else None for each in follows)
    return nexts, before, last


class TestLinks:
    @pytest.mark.parametrize("words", ["下一页", "下页", "后页", "[下一页]", "下一页 >", "Next"])
    def test_the_words_for_the_next_page_are_known(self, words: str) -> None:
        assert places(turns(f"<a href='index_2.html'>{words}</a>")) == (
            "/zwgk/tzgg/index_2.html",
            None,
            None,
        )

    @pytest.mark.parametrize("words", ["尾页", "末页", "最后一页", "最末页"])
    def test_the_words_for_the_last_page_are_known(self, words: str) -> None:
        found = turns(f"<a href='index_9.html'>{words}</a>")
        assert places(found)[2] == "/zwgk/tzgg/index_9.html"

    def test_descending_numbers_are_followed_and_never_computed(self) -> None:
        pager = (
            "<span>首页</span><span>上页</span><a href='tzgg/35.htm'>2</a>"
            "<a href='tzgg/35.htm'>下页</a><a href='tzgg/1.htm'>尾页</a>"
        )
        found = turns(pager, f"{HOST}/xwzx/tzgg.htm")
        assert places(found) == ("/xwzx/tzgg/35.htm", None, "/xwzx/tzgg/1.htm")

    def test_a_click_that_sets_the_location_is_a_link(self) -> None:
        link = "<a href='#' onclick=\"location.href='index_2.htm'\">下一页</a>"
        assert places(turns(link))[0] == "/zwgk/tzgg/index_2.htm"

    def test_tooltips_and_pictures_name_links_too(self) -> None:
        pager = "<a href='b.html' title='下一页'><i></i></a><a href='z.html'><img alt='尾页'></a>"
        assert places(turns(pager)) == ("/zwgk/tzgg/b.html", None, "/zwgk/tzgg/z.html")

    def test_an_arrow_counts_only_beside_page_numbers(self) -> None:
        numbers = (
            "<div><span>1</span><a href='index_2.html'>2</a><a href='index_2.html'>&gt;</a></div>"
        )
        assert places(turns(numbers))[0] == "/zwgk/tzgg/index_2.html"
        crumbs = "<div><a href='/'>首页</a><a href='/zwgk/'>&gt;</a></div>"
        assert places(turns(crumbs)) == (None, None, None)

    def test_numbers_alone_lead_to_the_one_after_the_current(self) -> None:
        links = "".join(f"<a href='index_{n}.html'>{n}</a>" for n in (1, 2, 4, 5))
        pager = f"<div>{links}<b>3</b></div>"
        assert places(turns(pager, f"{HOST}/a/index_3.html"))[0] == "/a/index_4.html"
        marked = "<div>{}</div>".format(
            "".join(
                f"<a class='{'current' if n == 1 else 'p'}' href='index_{n}.html'>{n}</a>"
                for n in (1, 2, 3)
            )
        )
        assert places(turns(marked))[0] == "/zwgk/tzgg/index_2.html"

    @pytest.mark.parametrize(
        "link",
        [
            "<a href='http://other.example/index_2.html'>下一页</a>",
            "<a href='index.html'>下一页</a>",
            "<a href='index.html#2'>下一页</a>",
            "<a href='#'>下一页</a>",
            "<a href='javascript:goPage(2)'>下一页</a>",
            "<a href='javascript:;'>下一页</a>",
        ],
    )
    def test_other_hosts_this_page_and_scripts_are_not_followed_but_are_a_hint(
        self, link: str
    ) -> None:
        found = turns(link)
        assert places(found) == (None, None, None)
        assert found.hinted

    def test_the_base_of_the_page_holds_for_its_links(self) -> None:
        html = f"<base href='{HOST}/cms/'><a href='p2.html'>下一页</a>"
        assert places(turns(html))[0] == "/cms/p2.html"

    def test_markup_that_nests_without_end_has_no_links(self) -> None:
        assert places(turns("<div>" * 60_000 + "<a href='b.html'>下一页</a>")) == (None, None, None)

    def test_a_million_arrows_do_not_hold_the_crawler_up(self) -> None:
        started = time.monotonic()
        turns("<div>" + "<a href='/x'>&gt;</a><a class='next' href='#'>9</a>" * 20_000)
        assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize(
    ("script", "url", "expected"),
    [
        (
            'createPageHTML(12, 0, "index", "html");',
            COLUMN,
            ("/zwgk/tzgg/index_1.html", None, "/zwgk/tzgg/index_11.html"),
        ),
        (
            'createPageHTML(12,1,"index","shtml","black2",250);',
            f"{HOST}/a/index_1.shtml",
            ("/a/index_2.shtml", "/a/index.shtml", "/a/index_11.shtml"),
        ),
        (
            "createPageHTML('paging',25,1,'index','html',500);",
            COLUMN,
            ("/zwgk/tzgg/index_2.html", None, "/zwgk/tzgg/index_25.html"),
        ),
        (
            "createPageHTML('page_div',50,2,'xwzx_list','shtml',1000);",
            f"{HOST}/x/c100494/xwzx_list_2.shtml",
            (
                "/x/c100494/xwzx_list_3.shtml",
                "/x/c100494/xwzx_list.shtml",
                "/x/c100494/xwzx_list_50.shtml",
            ),
        ),
        (
            "createPageHTML('page_div',9,1,'list3_1','shtml',90);",
            f"{HOST}/x/list3_1.shtml",
            ("/x/list3_1_2.shtml", None, "/x/list3_1_9.shtml"),
        ),
        (
            'createPage(7, 6, "index", "html");',
            f"{HOST}/a/index_6.html",
            (None, "/a/index_5.html", None),
        ),
        (
            "var currentPage = 0; // from 0\nvar countPage = 7\n",
            f"{HOST}/a/",
            ("/a/index_1.html", None, "/a/index_6.html"),
        ),
        (
            'var m_nRecordCount = "143"; var m_nPageSize = 20; var m_nCurrPage = 0;',
            f"{HOST}/a",
            ("/a/index_1.html", None, "/a/index_7.html"),
        ),
        (
            "var pager_options={currentPage:parseInt('0')+1,totalPage:parseInt('25')};",
            f"{HOST}/a/index.html",
            ("/a/index_1.html", None, "/a/index_24.html"),
        ),
        (
            'var totalPage = 322; $("#page").pagination("setPage",1,322);',
            f"{HOST}/a/index.html",
            ("/a/index_2.html", None, "/a/index_322.html"),
        ),
        (
            'Ls.pagination("#page_6",null,{currPage:(0+1),pageCount:3});',
            f"{HOST}/content/column/6?type=4",
            (
                "/content/column/6?type=4&pageIndex=2",
                None,
                "/content/column/6?type=4&pageIndex=3",
            ),
        ),
        ("createPageHTML(1,0,'index','html');", COLUMN, (None, None, None)),
        ("createPageHTML(5,9,'index','html');", COLUMN, (None, None, None)),
        ("function createPageHTML(_nPageCount, _nCurrIndex) {}", COLUMN, (None, None, None)),
        ("//createPageHTML(12, 0, 'index', 'html');", COLUMN, (None, None, None)),
    ],
)
def test_each_system_counts_and_names_its_pages_in_its_own_way(
    script: str, url: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    assert places(turns(f"<script>{script}</script>", url)) == expected


def test_of_two_pagers_the_one_that_names_this_page_is_believed() -> None:
    two = 'createPageHTML(3,0,"hot","html");createPageHTML(8,0,"index","html");'
    assert places(turns(f"<script>{two}</script>"))[2] == "/zwgk/tzgg/index_7.html"


def test_links_come_before_what_the_script_says() -> None:
    html = "<a href='list_p2.html'>下一页</a><script>createPageHTML(3,0,'index','html')</script>"
    assert places(turns(html)) == ("/zwgk/tzgg/list_p2.html", None, "/zwgk/tzgg/index_2.html")


@pytest.mark.parametrize(
    ("html", "hinted"),
    [
        ("<p>共12页</p>", True),
        ("<a class='Next' href='javascript:;'>下页</a>", True),
        ("<div class='pagination'></div>", True),
        ("<button>加载更多</button>", True),
        ("<script>_simple_list_gotopage_fun(15,'a52314GOPAGE',2)</script>", True),
        ("<p>共16条&nbsp;&nbsp;1/1&nbsp;<a href='#'>下页</a></p>", False),
        ("<script>_simple_list_gotopage_fun(1,'a49641GOPAGE',2)</script><a>下页</a>", False),
        ("<script>createPageHTML(1, 0, 'index', 'html')</script><p>下一页</p>", False),
        ("<p>通知公告</p>", False),
    ],
)
def test_a_pager_that_cannot_be_followed_is_a_hint_unless_there_is_one_page(
    html: str, hinted: bool
) -> None:
    found = turns(html)
    assert places(found) == (None, None, None)
    assert found.hinted is hinted


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        (f"{HOST}/a/b", f"{HOST}/a/b/"),
        (f"{HOST}/a/b/", f"{HOST}/a/b/"),
        (f"{HOST}/a/b.html", f"{HOST}/a/b.html"),
        (HOST, HOST),
    ],
)
def test_an_address_that_ends_in_a_name_is_a_folder(url: str, folder: str) -> None:
    assert as_folder(url) == folder


def parameters(follow: Follow | None) -> Mapping[str, str] | None:
    """The query and the form of a request together."""
    if follow is None:
        return None
    query = {key: values[0] for key, values in parse_qs(urlsplit(follow.url).query).items()}
    return {**query, **follow.form}


def served(asked: Follow, total: int | None, answer: str = "{}") -> Turns:
    return turns_of(Page(COLUMN, answer.encode(), TODAY), asked, total)


class TestServices:
    PROXY = f"{HOST}/module/web/jpage/dataproxy.jsp"

    def test_record_groups_go_on_where_they_ended_and_end_at_the_total(self) -> None:
        found = served(Follow(f"{self.PROXY}?startrecord=1&endrecord=30&perpage=10"), 70)
        assert parameters(found.following) == {
            "startrecord": "31",
            "endrecord": "60",
            "perpage": "10",
        }
        assert parameters(found.last) == {"startrecord": "41", "endrecord": "70", "perpage": "10"}
        assert found.previous is None

    def test_no_request_is_for_more_than_thirty_rows(self) -> None:
        asked = Follow(f"{self.PROXY}?startrecord=1&endrecord=45&perpage=15", "POST", {"col": "1"})
        found = served(asked, 500)
        assert parameters(found.following) == {
            "startrecord": "46",
            "endrecord": "75",
            "perpage": "15",
            "col": "1",
        }
        assert found.following is not None
        assert found.following.method == "POST"
        told = parameters(found.last)
        assert told is not None
        assert (told["startrecord"], told["endrecord"]) == ("471", "500")

    def test_a_list_that_was_answered_whole_has_no_further_pages(self) -> None:
        found = served(Follow(f"{self.PROXY}?startrecord=1&endrecord=30&perpage=10"), 30)
        assert (found.following, found.last, found.hinted) == (None, None, False)

    def test_without_a_total_the_next_group_is_asked_and_the_last_unknown(self) -> None:
        asked = Follow(f"{self.PROXY}?startrecord=31&endrecord=60&perpage=10")
        found = served(asked, None)
        told, before = parameters(found.following), parameters(found.previous)
        assert told is not None
        assert before is not None
        assert (told["startrecord"], told["endrecord"]) == ("61", "90")
        assert (before["startrecord"], before["endrecord"]) == ("1", "30")
        assert found.last is None

    def test_the_directory_answers_a_hundred_rows_a_page(self) -> None:
        asked = Follow(f"{HOST}/gkmlpt/api/all/2683?page=1&sid=768001")
        found = served(asked, 250)
        assert parameters(found.following) == {"page": "2", "sid": "768001"}
        assert parameters(found.last) == {"page": "3", "sid": "768001"}
        assert served(asked, 100).following is None

    def test_page_numbers_in_a_query_or_a_form_are_counted_on(self) -> None:
        query = Follow(f"{HOST}/common/search/0f3a?_isJson=true&_pageSize=20&page=2")
        assert parameters(served(query, 100).following) == {
            "_isJson": "true",
            "_pageSize": "20",
            "page": "3",
        }
        assert parameters(served(query, 100).previous) == {
            "_isJson": "true",
            "_pageSize": "20",
            "page": "1",
        }
        form = Follow(f"{HOST}/search.do", "POST", {"pagenum": "1", "pagesize": "15"})
        assert parameters(served(form, 31).last) == {"pagenum": "3", "pagesize": "15"}
        zero = Follow(f"{HOST}/rest/list", "POST", {"pageIndex": "0", "pageSize": "20"})
        assert parameters(served(zero, 60).last) == {"pageIndex": "2", "pageSize": "20"}

    def test_a_page_unit_is_asked_by_its_own_pager(self) -> None:
        unit = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit"
        asked = Follow(f"{unit}?webId=2758&pageId=12&editType=null")
        answer = json.dumps({"data": {"html": '<table rows="15" count="40" pageno="1"></table>'}})
        found = served(asked, 40, answer)
        told = parameters(found.following)
        assert told == {
            "webId": "2758",
            "pageId": "12",
            "paramJson": '{"pageNo":2,"pageSize":15}',
        }
        assert parameters(found.last) == {**told, "paramJson": '{"pageNo":3,"pageSize":15}'}
        assert found.following is not None
        third = served(found.last or asked, 40, answer)
        assert third.following is None
        assert parameters(third.previous) == told

    def test_a_service_that_does_not_count_pages_has_no_further_ones(self) -> None:
        found = served(Follow(f"{HOST}/list.json"), 100)
        assert found == Turns()
